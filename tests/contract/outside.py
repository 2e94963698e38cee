"""A service of somebody else, the district's school, written with nothing but stock nameko."""

from typing import Any, ClassVar

from kombu import Exchange
from nameko.events import EventDispatcher, event_handler
from nameko.messaging import Publisher
from nameko.rpc import rpc


class School:
    """Hears what the community solved and who is qualified, and tells it who completed a course."""

    name = "school"
    heard: ClassVar[list[tuple[str, Any]]] = []

    dispatch = EventDispatcher()  # to school.events
    publish = Publisher(exchange=Exchange("enrollment.events", type="topic", durable=True))

    @event_handler("issues", "issue.resolved")
    def on_issue_resolved(self, payload):
        self.heard.append(("issue.resolved", payload))

    @event_handler("volunteer", "volunteer.qualified")
    def on_volunteer_qualified(self, payload):
        self.heard.append(("volunteer.qualified", payload))

    @rpc
    def heard_of(self, kind):
        return [payload for known, payload in self.heard if known == kind]

    @rpc
    def tell_enrollments_audience(self, payload):
        self.publish(payload, routing_key="course.completed")

    @rpc
    def tell_own_audience(self, payload):
        self.dispatch("course.completed", payload)
