"""The discovery document: where the endpoint is, in which formats, and how to get a key."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from environs import Env

from services.issues.domain import Category
from services.issues.open311.rendering import CONTENT_TYPES

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"  # its token, not an address
BASE = "/open311/v2"
RESOURCES = "discovery, services, services/{code}, requests, requests/{id}, tokens/{id}, servicerequestupdates"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What an operator says of the endpoint; `kind` is production or test."""

    contact: str
    key_service: str
    kind: str


@cache
def settings() -> Settings:
    """Read the environment."""
    env = Env()
    return Settings(
        contact=env.str("OPEN311_CONTACT", "社区服务中心"),
        key_service=env.str("OPEN311_KEY_SERVICE", "请向社区服务中心申请 api_key"),
        kind=env.str("OPEN311_KIND", "production"),
    )


def changeset(newest: Iterable[Category]) -> str:
    """Count the versions that categories have had, as a text that sorts: it grows when services or questions change."""
    return f"{sum(one.version for one in newest):06d}"


def discovery(root: str, changeset: str, said: Settings) -> dict[str, Any]:
    """Tell of the endpoint under the address that it was asked at."""
    endpoint = {
        "specification": SPECIFICATION,
        "url": root.rstrip("/") + BASE,
        "changeset": changeset,
        "type": said.kind,
        "formats": [kind.partition(";")[0] for kind in sorted(CONTENT_TYPES.values(), reverse=True)],
    }
    return {
        "changeset": changeset,
        "contact": said.contact,
        "key_service": said.key_service,
        "endpoints": [endpoint],
    }
