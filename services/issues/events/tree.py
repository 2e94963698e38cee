"""What issues asks of the organisation tree."""

from dataclasses import dataclass

from shared.events import Event


@dataclass(frozen=True, kw_only=True)
class OrgTreeRequested(Event, type="org_tree.requested", subject="service", zh="组织树已请求"):
    """The named service has no copy of the tree and asks to hear every unit again."""

    service: str
