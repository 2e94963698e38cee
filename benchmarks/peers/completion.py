"""What every peer writes for an event: one document, the same for all."""

import os
from typing import Any

URI, DATABASE = os.environ.get("MONGODB_URI", ""), os.environ.get("DATABASE", "")
COLLECTION = "completions"
FIELDS = ("course_id", "person_id", "qualification", "completed_at")


def document(event: dict[str, Any]) -> dict[str, Any]:
    """Return the document of a completed course; its key is the database's, so a duplicate shows as a second one."""
    return {"event_id": event["id"], **{name: event["data"][name] for name in FIELDS}}
