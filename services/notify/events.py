"""The facts notify announces: ids, channels and codes, never a name, an address or a text."""

from dataclasses import dataclass

from shared.events import Event


@dataclass(frozen=True, kw_only=True)
class NotificationDelivered(Event, type="notification.delivered", subject="notification_id", zh="通知已送达"):
    """A provider accepted the message; `attempts` counts the tries on all channels."""

    notification_id: str
    person_ref: str
    channel: str
    attempts: int
    cause_event_id: str
    template: str | None = None


@dataclass(frozen=True, kw_only=True)
class NotificationFailed(Event, type="notification.failed", subject="notification_id", zh="通知某渠道失败"):
    """One try on one channel failed; a permanent failure closes the channel for the person for a while."""

    notification_id: str
    channel: str
    reason: str
    permanent: bool


@dataclass(frozen=True, kw_only=True)
class NotificationUndeliverable(
    Event, type="notification.undeliverable", subject="notification_id", zh="通知全部渠道失败"
):
    """No channel is left; the last word about this notification."""

    notification_id: str
    person_ref: str
    channels_tried: tuple[str, ...]
    issue_id: str | None = None
    reason: str | None = None
    cause_event_id: str | None = None
    template: str | None = None


@dataclass(frozen=True, kw_only=True)
class OrgTreeRequested(Event, type="org_tree.requested", subject="service", zh="组织树已请求"):
    """This service wants every unit of the organisation tree announced again."""

    service: str
