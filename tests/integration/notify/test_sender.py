"""From an event to the provider and back, on a real database; the gateway is a real HTTP server."""

import threading
from datetime import timedelta

import pytest

from services.notify import repository, sender
from services.notify.domain import MissingPlaceholders, State, UnknownPlaceholders
from services.notify.schemas import ContactData
from shared.errors import NotFound

pytestmark = pytest.mark.server

OK = {"errcode": 0}
RESOLVED = {"issue_id": "IS-0701", "round": 1, "resolved_by_unit": "B09", "reporter_ref": "R-1007"}


def sent(httpserver):
    return [(request.path, request.get_json()) for request, _ in httpserver.log]


@pytest.fixture
def reachable(notify):
    notify.command("set_contact", person_id="R-1007", name="李桂兰", wechat="wx-1007", sms="13800001007")
    return notify


def test_story_1_invites_200_voters_once_however_often_the_event_comes(notify, httpserver):
    httpserver.expect_request("/wechat").respond_with_json(OK)
    people = [f"O-{number:03d}" for number in range(200)]
    contacts = tuple(ContactData(person_id=one, name=f"业主{one}", wechat=f"wx-{one}") for one in people)
    assert notify.command("set_contacts", contacts=contacts) == {"set": 200, "new": 200}
    opened = {"deliberation_id": "DL-0101", "issue_id": "IS-0101", "voter_refs": people, "title": "非机动车棚"}
    assert notify.hear("deliberation.opened", opened, event_id="E-1", times=3) == "duplicate"
    assert notify.send() == 200
    delivered = notify.facts("notification.delivered")
    assert len(delivered) == len(httpserver.log) == 200
    assert {fact["data"]["person_ref"] for fact in delivered} == set(people)
    assert {fact["data"]["attempts"] for fact in delivered} == {1}
    assert {fact["correlationid"] for fact in delivered} == {"IS-0101"}
    assert not any("业主" in str(fact) for fact in delivered)
    report = notify.ask("delivery_report")
    assert (report["notifications"], report["failed"], report["by_channel"]) == (200, 0, {"wechat": 200})


def test_a_batch_that_holds_the_same_event_twice_writes_one_message(reachable, httpserver):
    httpserver.expect_request("/wechat").respond_with_json(OK)
    reachable.hear("issue.resolved", RESOLVED, event_id="E-1")
    reachable.store.processed_events.delete_many({})  # the inbox forgets after 30 days
    assert reachable.hear("issue.resolved", RESOLVED, event_id="E-1") == "duplicate_business_key"
    assert len(reachable.notifications()) == 1


def test_story_7_wechat_fails_for_good_and_sms_takes_over(reachable, httpserver):
    httpserver.expect_request("/wechat").respond_with_json({"errcode": 43004})
    httpserver.expect_request("/sms").respond_with_json(OK)
    reachable.hear("issue.resolved", RESOLVED, correlation="IS-0701")
    reachable.send()
    [failed] = reachable.facts("notification.failed")
    assert (failed["data"]["channel"], failed["data"]["reason"], failed["data"]["permanent"]) == (
        "wechat",
        "not_subscribed",
        True,
    )
    [delivered] = reachable.facts("notification.delivered")
    assert (delivered["data"]["channel"], delivered["data"]["attempts"]) == ("sms", 2)
    assert int(delivered["sequence"]) > int(failed["sequence"])

    closed = {"issue_id": "IS-0701", "rounds": 1, "reporter_ref": "R-1007", "satisfaction": 5}
    reachable.hear("issue.closed", closed, correlation="IS-0701")
    reachable.send()
    assert [fact["data"]["attempts"] for fact in reachable.facts("notification.delivered")] == [2, 1]
    assert len(reachable.facts("notification.failed")) == 1
    assert [path for path, _ in sent(httpserver)] == ["/wechat", "/sms", "/sms"]
    texts = [item["text"] for item in reachable.ask("inbox", person_id="R-1007")["items"]]
    assert "【滨湖世纪社区】李桂兰您好,您反映的事项IS-0701已办结,请回复1-5评价(5为非常满意)。" in texts
    assert "【滨湖世纪社区】李桂兰您好,您反映的事项IS-0701已办结,感谢您的5星评价!" in texts


def test_a_temporary_failure_waits_its_minutes_and_keeps_its_key(reachable, httpserver):
    httpserver.expect_ordered_request("/wechat").respond_with_json({}, status=503)
    httpserver.expect_ordered_request("/wechat").respond_with_json(OK)
    reachable.hear("issue.resolved", RESOLVED)
    assert reachable.send() == 1
    assert reachable.send() == 0
    reachable.at(reachable.now + timedelta(minutes=1))
    assert reachable.send() == 1
    [first, second] = [body["idempotency_key"] for _, body in sent(httpserver)]
    assert first == second
    [delivered] = reachable.facts("notification.delivered")
    assert delivered["data"]["attempts"] == 2


def test_a_person_without_contact_is_reported_and_the_event_is_done(notify):
    assert notify.hear("issue.resolved", RESOLVED, correlation="IS-0701") == "done"
    [fact] = notify.facts("notification.undeliverable")
    assert fact["data"]["reason"] == "no_contact"
    assert (fact["correlationid"], fact["data"]["issue_id"]) == ("IS-0701", "IS-0701")
    assert notify.send() == 0


def test_a_fact_with_a_gap_is_parked_and_writes_nothing(reachable):
    assert reachable.hear("issue.resolved", RESOLVED | {"issue_id": ""}) == "invalid"
    assert reachable.notifications() == []


def test_a_fact_that_names_nobody_is_refused(reachable):
    assert reachable.hear("issue.resolved", RESOLVED | {"reporter_ref": None}) == "refused:no_recipient"


def test_a_crash_before_writing_down_sends_again_under_the_same_key(reachable, httpserver, monkeypatch):
    httpserver.expect_request("/wechat").respond_with_json(OK)
    reachable.hear("issue.resolved", RESOLVED)
    with monkeypatch.context() as crash:
        crash.setattr(sender, "write_down", lambda *_: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            reachable.send()
    assert reachable.send() == 0, "the lease still holds"
    raw = reachable.store.collection("notifications")
    raw.update_many({}, [{"$set": {"leased_until": {"$subtract": ["$$NOW", 1]}}}])
    assert reachable.send() == 1
    keys = [body["idempotency_key"] for _, body in sent(httpserver)]
    assert len(keys) == 2
    assert len(set(keys)) == 1
    assert len(reachable.facts("notification.delivered")) == 1


def test_a_sender_whose_lease_ran_out_leaves_the_outcome_to_the_other(reachable, httpserver):
    httpserver.expect_request("/wechat").respond_with_json(OK)
    reachable.hear("issue.resolved", RESOLVED)
    late = repository.claim_due(reachable.store, reachable.now)
    raw = reachable.store.collection("notifications")
    raw.update_many({}, [{"$set": {"leased_until": {"$subtract": ["$$NOW", 1]}}}])
    assert reachable.send() == 1
    [notification] = reachable.notifications()
    sender.write_down(reachable.store, late, {notification.notification_id: None})
    [after] = reachable.notifications()
    assert after.state is State.DELIVERED
    assert len(reachable.facts("notification.delivered")) == 1


def test_three_senders_at_once_send_each_message_once(notify, httpserver):
    httpserver.expect_request("/sms").respond_with_json(OK)
    people = [f"O-{number:03d}" for number in range(250)]
    notify.command("set_contacts", contacts=tuple(ContactData(person_id=one, name=one, sms=one) for one in people))
    opened = {"deliberation_id": "DL-0101", "issue_id": "IS-0101", "voter_refs": people}
    notify.hear("deliberation.opened", opened)
    threads = [threading.Thread(target=notify.send) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert notify.send() == 0
    assert len(httpserver.log) == 250
    assert len(notify.facts("notification.delivered")) == 250


def test_the_inbox_pages_newest_first(reachable, httpserver):
    httpserver.expect_request("/wechat").respond_with_json(OK)
    for number in range(5):
        reachable.at(reachable.now + timedelta(minutes=number % 2))
        reachable.hear("issue.resolved", RESOLVED | {"issue_id": f"IS-070{number}"})
        reachable.send()
    found, after = [], None
    while True:
        page = reachable.ask("inbox", person_id="R-1007", limit=2, after=after)
        found += page["items"]
        after = page["next"]
        if after is None:
            break
    assert len({item["notification_id"] for item in found}) == len(found) == 5
    times = [item["delivered_at"] for item in found]
    assert times == sorted(times, reverse=True)


def test_send_refuses_gaps_unknown_templates_and_unknown_people(reachable):
    for error, values in (
        (NotFound, {"template": "no_such_template"}),
        (NotFound, {"person_id": "R-9999"}),
        (MissingPlaceholders, {"params": {"title": "x"}}),
        (UnknownPlaceholders, {"params": {"title": "x", "issue_id": "IS-1", "isue": "x"}}),
    ):
        good = {"person_id": "R-1007", "template": "issue_accepted", "params": {"title": "x", "issue_id": "IS-1"}}
        with pytest.raises(error):
            reachable.command("send", **(good | values))
    assert reachable.notifications() == []
    reachable.command("send", **good)
    assert [one.correlation_id for one in reachable.notifications()] == ["IS-1"]


def test_units_are_kept_as_announced_last(notify):
    unit = {"org_unit_id": "C01", "level": "community", "path": ["C01"], "secretary_id": "P-0001"}
    assert notify.hear("org_unit.updated", unit | {"revision": 2}) == "done"
    assert notify.hear("org_unit.updated", unit | {"revision": 1, "secretary_id": "P-9"}) == "duplicate_business_key"
    assert notify.ask("get_org_unit", org_unit_id="C01")["secretary_id"] == "P-0001"
