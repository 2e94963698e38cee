"""The rules of notify; pure."""

from services.notify.domain.channel import ORDER, Answer, Attempt, Channel, Outcome
from services.notify.domain.contact import (
    Contact,
    Language,
    ensure_administrator,
    ensure_own,
    next_channel,
    set_contact,
)
from services.notify.domain.notification import (
    PENDING,
    Cause,
    Notification,
    State,
    compose,
    identify,
    release,
    settle,
)
from services.notify.domain.rules import RULES, NoRecipient, params_of, recipients, template_for, texts
from services.notify.domain.template import (
    OF_CONTACT,
    SIGNATURE,
    MissingPlaceholders,
    Template,
    UnknownPlaceholders,
    check,
    find,
    placeholders_of,
    render,
)
from services.notify.domain.texts import TEMPLATES
from services.notify.domain.unit import OrgUnit, newer

__all__ = [
    "OF_CONTACT",
    "ORDER",
    "PENDING",
    "RULES",
    "SIGNATURE",
    "TEMPLATES",
    "Answer",
    "Attempt",
    "Cause",
    "Channel",
    "Contact",
    "Language",
    "MissingPlaceholders",
    "NoRecipient",
    "Notification",
    "OrgUnit",
    "Outcome",
    "State",
    "Template",
    "UnknownPlaceholders",
    "check",
    "compose",
    "ensure_administrator",
    "ensure_own",
    "find",
    "identify",
    "newer",
    "next_channel",
    "params_of",
    "placeholders_of",
    "recipients",
    "release",
    "render",
    "set_contact",
    "settle",
    "template_for",
    "texts",
]
