"""What is around an event's data: CloudEvents 1.0 with the extensions every event of ours carries."""

from typing import Any

from shared.cloudevents import CONTENT_TYPE

ID = {"type": "string", "minLength": 1, "maxLength": 255}
EXTENSIONS: dict[str, Any] = {
    "sequence": {"type": "string", "pattern": "^[0-9]{1,15}$", "description": "Revision of the aggregate, from 1."},
    "correlationid": {**ID, "description": "The issue, course or visit that started the thread."},
    "causationid": {**ID, "description": "The event or command that caused this one."},
    "traceparent": {"type": "string", "pattern": "^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$"},
    "actor": {**ID, "description": "Pseudonymous id of whoever acted."},
    "community": {**ID, "description": "The community it happened in."},
}
ENVELOPE: dict[str, Any] = {
    "title": "CloudEvents 1.0, structured mode",
    "type": "object",
    "required": [
        *("specversion", "id", "source", "type", "subject", "time", "datacontenttype", "dataschema"),
        *("sequence", "correlationid", "community", "data"),
    ],
    "properties": {
        "specversion": {"const": "1.0"},
        "id": {**ID, "description": "UUIDv7, the same as the message_id; an effect happens once per id and handler."},
        "source": {**ID, "description": "The publishing service; its exchange is `<source>.events`."},
        "type": {**ID, "pattern": r"^[a-z_]+\.[a-z_]+(\.v[0-9]+)?$", "description": "The routing key."},
        "subject": {**ID, "description": "Id of the aggregate."},
        "time": {"type": "string", "format": "date-time"},
        "datacontenttype": {"const": CONTENT_TYPE},
        "dataschema": {"type": "string", "format": "uri"},
        **EXTENSIONS,
        "data": {"type": "object"},
    },
    "additionalProperties": True,
}
