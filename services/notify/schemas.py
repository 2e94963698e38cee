"""Commands and questions in, views out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from marshmallow import ValidationError, validate

from services.notify import domain
from services.notify.domain import Channel, Contact, Language, Notification, Template
from shared.schemas import Command, Id, Page, ShortText, dump

LARGEST_PARAM = 500  # characters; an SMS is cut into parts of 67 Chinese characters
MOST_PARAMS = 20
MOST_CONTACTS = 500  # in one call
COUNTED = ("notifications", "attempts", "failed")

Address = Annotated[str, validate.Length(1, 128), validate.Regexp(r"^\S+$", error="No blanks are allowed.")]
Mail = Annotated[str, validate.Length(3, 254), validate.Email()]


def _plain(params: Mapping[str, Any]) -> None:
    """Refuse anything but short texts and numbers."""
    if len(params) > MOST_PARAMS:
        raise ValidationError(f"At most {MOST_PARAMS} parameters.")
    for value in params.values():
        if isinstance(value, bool) or not isinstance(value, str | int | float) or len(str(value)) > LARGEST_PARAM:
            raise ValidationError(f"Values are numbers or texts of at most {LARGEST_PARAM} characters.")


Params = Annotated[dict[ShortText, Any], _plain]


@dataclass(frozen=True, kw_only=True)
class ContactData:
    """How a person can be reached; a channel that is left out has no address."""

    person_id: Id
    name: ShortText = field(repr=False)
    wechat: Address | None = field(default=None, repr=False)
    sms: Address | None = field(default=None, repr=False)
    email: Mail | None = field(default=None, repr=False)
    language: Language = Language.CHINESE

    @property
    def addresses(self) -> dict[Channel, str | None]:
        """The addresses by channel."""
        return {Channel.WECHAT: self.wechat, Channel.SMS: self.sms, Channel.EMAIL: self.email}


@dataclass(frozen=True, kw_only=True)
class SetContact(ContactData, Command):
    """Say how a person can be reached."""


@dataclass(frozen=True, kw_only=True)
class SetContacts(Command):
    """Say it for many persons at once."""

    contacts: Annotated[tuple[ContactData, ...], validate.Length(1, MOST_CONTACTS)]


@dataclass(frozen=True, kw_only=True)
class Send(Command):
    """Send a template to a person; the same `command_id` again sends nothing more."""

    person_id: Id
    template: Id
    params: Params = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class PreviewTemplate:
    """Show a template filled; `name` stands for the contact's name."""

    template: Id
    params: Params = field(default_factory=dict)
    language: Language = Language.CHINESE


@dataclass(frozen=True, kw_only=True)
class RequestOrgTree(Command):
    """Ask for every unit of the organisation tree again."""


@dataclass(frozen=True, kw_only=True)
class GetOrgUnit:
    """Show what notify knows of a unit."""

    org_unit_id: Id


@dataclass(frozen=True, kw_only=True)
class Inbox(Page):
    """The messages a person received."""

    person_id: Id


@dataclass(frozen=True, kw_only=True)
class DeliveryReport:
    """Counts by state, channel and template."""


@dataclass(frozen=True, kw_only=True)
class ListTemplates(Page):
    """The templates by name."""


def contact_view(contact: Contact) -> dict[str, Any]:
    """Say which channels there are, not the addresses."""
    return {
        "person_id": contact.person_id,
        "channels": [str(channel) for channel in domain.ORDER if channel in contact.addresses],
        "suspended_until": dump(contact.suspended_until),
        "language": contact.language.value,
    }


def notification_view(notification: Notification) -> dict[str, Any]:
    """Show where a notification is, without its text."""
    return {
        "notification_id": notification.notification_id,
        "person_ref": notification.person_ref,
        "template": notification.template,
        "state": notification.state.value,
    }


def message_view(notification: Notification) -> dict[str, Any]:
    """Show a message as its recipient got it."""
    return {
        **notification_view(notification),
        "text": notification.text,
        "channel": notification.channel and notification.channel.value,
        "attempts": notification.attempts,
        "delivered_at": dump(notification.settled_at),
        "issue_id": notification.issue_id,
    }


def template_view(template: Template) -> dict[str, Any]:
    """Show a template with its texts and placeholders."""
    return {
        "template": template.name,
        "placeholders": sorted(template.placeholders),
        "title": {language.value: title for language, title in template.title.items()},
        "text": {language.value: domain.SIGNATURE + text for language, text in template.text.items()},
    }


def report_view(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Sum counts up, overall and by state, channel and template."""
    return {
        **{name: sum(row[name] for row in rows) for name in COUNTED},
        **{f"by_{part}": _by(part, rows) for part in ("state", "channel", "template")},
    }


def _by(part: str, rows: list[dict[str, Any]]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for row in rows:
        value = row["_id"][part] or "none"
        sums[value] = sums.get(value, 0) + row["notifications"]
    return dict(sorted(sums.items()))
