"""Open311 GeoReport v2: the words of the specification for our issues, categories and buildings."""

from services.issues.open311.asking import Search, links, part, search, span
from services.issues.open311.catalogue import definition, of_code, offered, service, told
from services.issues.open311.discovery import BASE, RESOURCES, changeset, discovery, settings
from services.issues.open311.parameters import Parameters
from services.issues.open311.posting import NewRequest, answers_to, building, called, new_request, report
from services.issues.open311.rendering import refused, render
from services.issues.open311.requests import Whereabouts, accepted, is_public, service_request
from services.issues.open311.updates import TOLD, update

__all__ = [
    "BASE",
    "RESOURCES",
    "TOLD",
    "NewRequest",
    "Parameters",
    "Search",
    "Whereabouts",
    "accepted",
    "answers_to",
    "building",
    "called",
    "changeset",
    "definition",
    "discovery",
    "is_public",
    "links",
    "new_request",
    "of_code",
    "offered",
    "part",
    "refused",
    "render",
    "report",
    "search",
    "service",
    "service_request",
    "settings",
    "span",
    "told",
    "update",
]
