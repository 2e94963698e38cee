"""Runs inside a container of the system, on its python's standard input: calls services, looks into databases.

`report COUNT NAME` reports and triages issues, `tree COUNT TITLE` imports buildings, `look NAME` counts what became of
them, `unfinished` looks into the queues of stopped services, `denied` tries what a service's own accounts must not do.
The answer is a line of JSON.
"""

import json
import os
import sys
import time
from typing import Any

import pymongo
from kombu import Connection, Exchange
from nameko.exceptions import RemoteError
from nameko.standalone.rpc import ClusterRpcProxy

from shared.broker.topology import Manifest

AMQP = "amqp://root:{ROOT_PASSWORD}@rabbitmq:5672/linli".format_map(os.environ)
MONGODB = "mongodb://root:{ROOT_PASSWORD}@mongo:27017/?replicaSet=rs0".format_map(os.environ)
ESTATE = "C01-G03-E07"
AT_ONCE = 200  # calls under way
SECONDS = 150  # until a call counts as lost
RETRYABLE = ("Conflict", "Unavailable")
STOPPED = ("issues", "notify")
SERVICES = ("issues", "volunteer", "enrollment", "notify")


def tree(count: str, title: str) -> dict[str, int]:
    """Import an estate of so many buildings; under a new title every building announces itself again."""
    above = [
        {"org_unit_id": "C01", "level": "community", "label_zh": "社区"},
        {"org_unit_id": "C01-G03", "level": "grid", "parent_id": "C01", "label_zh": "网格"},
        {"org_unit_id": ESTATE, "level": "estate", "parent_id": "C01-G03", "label_zh": "小区"},
    ]
    buildings = [
        {"org_unit_id": f"{ESTATE}-B{n}", "level": "building", "parent_id": ESTATE, "label_zh": f"{n}栋{title}"}
        for n in range(1, int(count) + 1)
    ]
    with ClusterRpcProxy({"AMQP_URI": AMQP}, timeout=SECONDS) as rpc:
        changed: dict[str, int] = rpc.volunteer.import_org_tree(units=[*above, *buildings])
    return changed


def report(count: str, name: str) -> dict[str, Any]:
    """Let so many residents report an issue, and triage each, many at once; say how many calls were answered."""
    residents = [f"R-{name}-{number}" for number in range(int(count))]
    answered = 0
    with ClusterRpcProxy({"AMQP_URI": AMQP}, timeout=SECONDS) as rpc:
        for start in range(0, len(residents), AT_ONCE):
            some = residents[start : start + AT_ONCE]
            contacts = [{"person_id": who, "name": "居民", "wechat": f"wx-{who}"} for who in some]
            rpc.notify.set_contacts(contacts=contacts)
            issues = call(rpc.issues.report_issue, [_said(who) for who in some])
            triaged = call(rpc.issues.triage, [_sorted(issue["issue_id"]) for issue in issues])
            answered += len(issues) + len(triaged)
    return {"answered": answered}


def _said(who: str) -> dict[str, str]:
    return {"reporter": who, "building_id": f"{ESTATE}-B1", "text": "车棚漏雨", "command_id": f"report-{who}"}


def _sorted(issue_id: str) -> dict[str, str]:
    return {"issue_id": issue_id, "category": "bike_shed", "command_id": f"triage-{issue_id}"}


def call(method: Any, requests: list[dict[str, str]]) -> list[dict[str, Any]]:
    """Call many at once; ask again where the answer says that this helps, with the same `command_id`, as callers do."""
    end = time.monotonic() + SECONDS
    answers, left = [], requests
    while left:
        calls = [(request, method.call_async(**request)) for request in left]
        left = []
        for request, one in calls:
            try:
                answers.append(one.result())
            except RemoteError as error:
                if error.exc_type not in RETRYABLE or time.monotonic() > end:
                    raise
                left.append(request)
        if left:
            time.sleep(1)  # what a caller leaves a service to come back, or a dead one's locks to go
    return answers


def look(name: str) -> dict[str, Any]:
    """Count what became of the reports of a name's residents, and of the tree; and what went wrong anywhere."""
    client: pymongo.MongoClient[Any] = pymongo.MongoClient(MONGODB)
    data = {service: client[f"linli_{service}"] for service in SERVICES}
    of_name = {"$regex": f"^R-{name}-"}
    ids = [issue["_id"] for issue in data["issues"].issues.find({"reporter_ref": of_name}, {"_id": 1})]
    told = data["notify"].notifications.find({"person_ref": of_name}, {"person_ref": 1})
    updated = {"type": "org_unit.updated"}
    return {
        "issues": len(ids),
        "triaged": _announced(data["issues"], {"type": "issue.triaged", "subject": {"$in": ids}}),
        "told": sorted(one["person_ref"] for one in told),
        "tree_announced": _announced(data["volunteer"], updated),
        "tree_taken": [data[service].processed_events.count_documents(updated) for service in ("issues", "notify")],
        "waiting": _sum(data, "outbox", {"pending": True}),
        "parked": _sum(data, "parked", {}),
    }


def _announced(database: Any, where: dict[str, Any]) -> int:
    """Count the events that a service's outbox holds."""
    only = {"$match": {f"events.{name}": value for name, value in where.items()}}
    [found, *_] = [*database.outbox.aggregate([{"$unwind": "$events"}, only, {"$count": "events"}]), {"events": 0}]
    return int(found["events"])


def _sum(data: dict[str, Any], collection: str, where: dict[str, Any]) -> int:
    return sum(database[collection].count_documents(where) for database in data.values())


def unfinished() -> dict[str, int]:
    """While issues and notify stand still: count what waits for them, and what of that they have handled already."""
    client: pymongo.MongoClient[Any] = pymongo.MongoClient(MONGODB)
    answer = {"waiting": 0, "handled_already": 0}
    for one in Manifest.read("deploy/topology.json").subscriptions:
        if one.service in STOPPED:
            marks = [f"{one.handler}:{event_id}" for event_id in _peek(one.queue)]
            handled = client[f"linli_{one.service}"].processed_events.count_documents({"_id": {"$in": marks}})
            answer = {"waiting": answer["waiting"] + len(marks), "handled_already": answer["handled_already"] + handled}
    return answer


def _peek(queue: str) -> list[str]:
    """Return the ids of the events in a queue, and leave them there."""
    found = []
    with Connection(AMQP) as connection:  # closing gives back what was taken
        channel = connection.channel()
        while (message := channel.basic_get(queue)) is not None:
            found.append(json.loads(message.body)["id"])
    return found


def denied() -> dict[str, str]:
    """With the accounts of notify: write to the database of issues, and announce something in the name of issues."""
    account = "notify:{NOTIFY_PASSWORD}".format_map(os.environ)
    answers = {}
    try:
        pymongo.MongoClient(f"mongodb://{account}@mongo:27017/?replicaSet=rs0").linli_issues.issues.insert_one({})
    except pymongo.errors.OperationFailure as refusal:
        answers["database"] = str(refusal.details and refusal.details["codeName"])
    options = {"confirm_publish": True}
    with Connection(f"amqp://{account}@rabbitmq:5672/linli", transport_options=options) as connection:
        try:
            producer = connection.Producer()
            producer.publish({}, exchange=Exchange("issues.events", passive=True), routing_key="issue.closed")
        except connection.channel_errors as refusal:
            answers["broker"] = type(refusal).__name__
    return answers


if __name__ == "__main__":
    word, *values = sys.argv[1:]
    words: dict[str, Any] = {"tree": tree, "report": report, "look": look, "unfinished": unfinished, "denied": denied}
    sys.stdout.write(json.dumps(words[word](*values)) + "\n")
