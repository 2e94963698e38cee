"""Looks, photos, erasure and retention on a real database: what is written, what is shown, what is gone."""

import base64
import io
from datetime import timedelta

import pytest
from PIL import Image

from services.issues.domain import photos as rules
from shared.actor import Actor
from shared.errors import Forbidden, InvalidInput, NotFound
from tests.support.office import B09

pytestmark = pytest.mark.server

RESIDENT, NEIGHBOUR = (Actor(id=one, roles=("resident",)) for one in ("R-1001", "R-1007"))
TRIAGE = Actor(id="P-0100", roles=("triage",))
UNIT = Actor(id="P-0009", roles=("unit",), unit=B09)
VERIFIER = Actor(id="P-0008", roles=("verifier",))
MADE = [("R-1001", None, "report_issue", "whole"), ("P-0100", None, "triage", "whole")]  # looks that `reported` leaves


@pytest.fixture
def office(bare_office):
    return bare_office


def reported(office, *, sensitive=False, actor=RESIDENT, category="waste_station", hazard=None):
    report = office.call(
        "report_issue", actor, reporter=actor.id, building_id=B09, text="楼道漏水 13955501234", sensitive=sensitive
    )
    office.call("triage", TRIAGE, issue_id=report["issue_id"], category=category, hazard=hazard)
    return report["issue_id"]


def closed(office, **how):
    issue_id = reported(office, **how)
    office.call("act", UNIT, issue_id=issue_id)
    office.call("resolve", VERIFIER, issue_id=issue_id)
    office.call("confirm", how.get("actor", RESIDENT), issue_id=issue_id, satisfaction=4, reason="谢谢老李")
    return issue_id


def voted_on(office, issue_id, roll):
    opened = office.call("open_deliberation", issue_id=issue_id, rule="council_simple", topic="装灯", roll=roll)
    return opened["deliberation_id"]


def photo(colour=(200, 40, 40), size=(640, 480), **options):
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG", **options)
    return base64.b64encode(out.getvalue()).decode()


def pixel(answer, at):
    return Image.open(io.BytesIO(base64.b64decode(answer["data"]))).getpixel(at)


def looks(office):
    return [(one["by"], one["on_behalf_of"], one["call"], one["saw"]) for one in office.documents("looks")]


# -- looks


def test_each_look_at_a_sensitive_issue_is_written_down_and_its_reporter_reads_who_it_was(office):
    issue_id = reported(office, sensitive=True)
    assert office.call("get_issue", TRIAGE, issue_id=issue_id)["text"] == "楼道漏水 13955501234"
    assert "text" not in office.call("get_issue", NEIGHBOUR, issue_id=issue_id)
    assert office.call("get_issue", issue_id=issue_id, viewer="R-1007")["masked"] is True
    office.call("list_issues", TRIAGE)
    office.call("list_issues", NEIGHBOUR)
    with pytest.raises(Forbidden):
        office.call("list_photos", NEIGHBOUR, issue_id=issue_id)

    assert looks(office) == [
        *MADE,
        ("P-0100", None, "get_issue", "whole"),
        ("R-1007", None, "get_issue", "masked"),
        ("local-shell", "R-1007", "get_issue", "masked"),
        ("P-0100", None, "list_issues", "whole"),
        ("R-1007", None, "list_photos", "refused"),
    ]
    log = office.call("access_log", RESIDENT, issue_id=issue_id)
    assert [(one["by"], one["roles"], one["saw"]) for one in log["items"]] == [
        ("R-1001", ["resident"], "whole"),
        ("P-0100", ["triage"], "whole"),
        ("P-0100", ["triage"], "whole"),
        ("R-1007", ["resident"], "masked"),
        ("local-shell", ["administrator"], "masked"),
        ("P-0100", ["triage"], "whole"),
        ("R-1007", ["resident"], "refused"),
    ]


def test_who_approves_reads_no_words_about_an_issue_that_does_not_concern_them(office):
    issue_id = reported(office, sensitive=True)
    office.call("act", UNIT, issue_id=issue_id)
    office.call("extend", UNIT, issue_id=issue_id, days=2, reason="王奶奶不在家")

    [seen] = office.call("list_approvals", Actor(id="P-0002", roles=("dispatcher",)))["items"]
    [whole] = office.call("list_approvals", TRIAGE)["items"]

    assert (seen["title"], seen["approvals"][0]["proposal"]["reason"]) == ("9栋一户居民", "")
    assert (seen["approvals"][0]["asked_by"], seen["approvals"][0]["proposal"]["days"]) == ("P-0009", 2)
    assert whole["approvals"][0]["proposal"]["reason"] == "王奶奶不在家"
    assert looks(office) == [
        *MADE,
        ("P-0009", None, "act", "whole"),
        ("P-0009", None, "extend", "whole"),
        ("P-0002", None, "list_approvals", "masked"),
        ("P-0100", None, "list_approvals", "whole"),
    ]


def test_the_log_comes_in_pages_that_lose_and_repeat_nothing(office):
    issue_id = reported(office, sensitive=True)
    for _ in range(5):
        office.call("get_issue", TRIAGE, issue_id=issue_id)
    seen, after = [], None
    while True:
        page = office.call("access_log", RESIDENT, issue_id=issue_id, limit=2, after=after)
        seen += [one["look_id"] for one in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert seen == [one["_id"] for one in office.documents("looks")]
    assert len(set(seen)) == len(MADE) + 5


@pytest.mark.parametrize("actor", [NEIGHBOUR, TRIAGE, UNIT], ids=lambda actor: actor.id)
def test_nobody_else_reads_the_log(office, actor):
    issue_id = reported(office, sensitive=True)
    with pytest.raises(Forbidden, match="only the reporter"):
        office.call("access_log", actor, issue_id=issue_id)


def test_looks_at_a_public_issue_leave_nothing_behind(office):
    issue_id = reported(office)
    office.call("get_issue", NEIGHBOUR, issue_id=issue_id)
    office.call("list_issues", NEIGHBOUR)
    office.call("list_photos", NEIGHBOUR, issue_id=issue_id)
    assert office.documents("looks") == []


def test_no_answer_is_given_where_the_look_could_not_be_written(office):
    """The record goes to the database before the answer goes out; with the collection refused, so is the question."""
    issue_id = reported(office, sensitive=True)
    office.store.database.command("collMod", "looks", validator={"never": {"$exists": True}})
    try:
        with pytest.raises(Exception, match="Document failed validation"):
            office.call("get_issue", TRIAGE, issue_id=issue_id)
    finally:
        office.store.database.command("collMod", "looks", validator={})


def test_a_private_issue_is_refused_to_strangers_and_left_out_of_their_lists(office):
    issue_id = reported(office)
    office.call("set_visibility", TRIAGE, issue_id=issue_id, visibility="private", reason="当事人要求")
    with pytest.raises(Forbidden, match="shown only to those whom it concerns"):
        office.call("get_issue", NEIGHBOUR, issue_id=issue_id)
    assert office.call("list_issues", NEIGHBOUR)["items"] == []
    assert [one["issue_id"] for one in office.call("list_issues", RESIDENT)["items"]] == [issue_id]
    assert looks(office) == [
        ("P-0100", None, "set_visibility", "whole"),
        ("R-1007", None, "get_issue", "refused"),
        ("R-1001", None, "list_issues", "whole"),
    ]
    [fact] = office.facts("issue.visibility_set")
    assert fact["data"] == {"issue_id": issue_id, "visibility": "private"}


def test_a_proxy_on_record_confirms_over_the_service(office):
    issue_id = reported(office)
    office.call("act", UNIT, issue_id=issue_id)
    office.call("resolve", VERIFIER, issue_id=issue_id)
    with pytest.raises(Forbidden):
        office.call("confirm", NEIGHBOUR, issue_id=issue_id, satisfaction=5)
    told = office.call(
        "set_proxy", RESIDENT, issue_id=issue_id, person="R-1007", relation="neighbour", consent="电话里同意"
    )
    assert told["entries"][0]["set_by"] == "R-1001"
    assert office.call("confirm", NEIGHBOUR, issue_id=issue_id, satisfaction=5)["state"] == "closed"


def test_whoever_acts_for_the_outside_unit_sees_a_sensitive_issue_while_it_is_assigned(office):
    unit = {"unit_id": "U-1", "kind": "utility", "label_zh": "供电所", "label_en": "power", "persons": ["W-1", "W-2"]}
    office.call("set_units", units=[unit])
    issue_id = reported(office, sensitive=True)
    colleague, outsider = Actor(id="W-2"), Actor(id="W-9")
    assert office.call("get_issue", colleague, issue_id=issue_id)["masked"] is True
    office.call("dispatch", issue_id=issue_id, lead_unit="U-1")
    assert office.call("get_issue", colleague, issue_id=issue_id)["masked"] is False
    assert office.call("get_issue", issue_id=issue_id, viewer="W-2")["masked"] is False
    assert office.call("get_issue", outsider, issue_id=issue_id)["masked"] is True
    grounds = {"reason": "not_responsible", "evidence": "不在供电范围"}
    office.call("return_issue", Actor(id="W-1", roles=("unit",)), issue_id=issue_id, unit="U-1", **grounds)
    assert office.call("get_issue", colleague, issue_id=issue_id)["masked"] is True
    assert looks(office)[len(MADE) :] == [
        ("W-2", None, "get_issue", "masked"),
        ("local-shell", None, "dispatch", "whole"),
        ("W-2", None, "get_issue", "whole"),
        ("local-shell", "W-2", "get_issue", "whole"),
        ("W-9", None, "get_issue", "masked"),
        ("W-1", None, "return_issue", "masked"),
        ("W-2", None, "get_issue", "masked"),
    ]


# -- photos


def test_a_photo_is_kept_as_pixels_only_and_comes_back_in_both_sizes(office):
    issue_id = reported(office)
    told = office.call(
        "attach_photo", RESIDENT, issue_id=issue_id, kind="before", data=photo(comment=b"R-1001"), caption="三楼"
    )
    assert (told["kind"], told["side"], told["by"], told["caption"]) == ("before", "resident", "R-1001", "三楼")
    assert (told["width"], told["height"]) == (640, 480)
    for size, expected in (("full", (640, 480)), ("thumbnail", (320, 240))):
        answer = office.call("get_photo", NEIGHBOUR, issue_id=issue_id, photo_id=told["photo_id"], size=size)
        assert answer["content_type"] == "image/jpeg"
        assert Image.open(io.BytesIO(base64.b64decode(answer["data"]))).size == expected
    assert all(b"R-1001" not in one["jpeg"] for one in office.documents("photos"))
    assert [one["photo_id"] for one in office.call("list_photos", issue_id=issue_id)["items"]] == [told["photo_id"]]


def test_the_same_photo_again_is_the_same_document(office):
    issue_id = reported(office)
    data = photo()
    first = office.call("attach_photo", RESIDENT, issue_id=issue_id, kind="before", data=data)
    again = office.call("attach_photo", RESIDENT, issue_id=issue_id, kind="proof", data=data, caption="又来")
    assert again == first
    assert len(office.documents("photos")) == 2
    [album] = office.documents("albums")
    assert album["revision"] == 1


def test_a_seventh_photo_of_the_resident_is_refused_and_nothing_is_stored(office):
    issue_id = reported(office)
    for number in range(6):
        data = photo(colour=(number * 40, 0, 0), size=(16, 16))
        office.call("attach_photo", RESIDENT, issue_id=issue_id, kind="before", data=data)
    before = office.documents("photos"), office.documents("albums")
    with pytest.raises(rules.TooManyPhotos, match="at most 6"):
        office.call("attach_photo", RESIDENT, issue_id=issue_id, kind="before", data=photo(size=(17, 17)))
    assert (office.documents("photos"), office.documents("albums")) == before
    office.call("attach_photo", UNIT, issue_id=issue_id, kind="after", data=photo(size=(18, 18)))


@pytest.mark.parametrize(
    ("data", "refusal", "says"),
    [
        (base64.b64encode(b"%PDF-1.7").decode(), rules.NotAPhoto, "JPEG, PNG, WEBP"),
        (photo()[:400], rules.NotAPhoto, "JPEG, PNG, WEBP|cut off"),
        ("not base64!", InvalidInput, "data"),
        ("", InvalidInput, "data"),
        (base64.b64encode(bytes(8 * 1024 * 1024 + 1)).decode(), rules.PhotoTooLarge, "8388608 bytes"),
    ],
)
def test_what_is_no_photo_leaves_nothing_behind(office, data, refusal, says):
    issue_id = reported(office)
    with pytest.raises(refusal, match=says):
        office.call("attach_photo", RESIDENT, issue_id=issue_id, kind="before", data=data)
    assert office.documents("photos") == office.documents("albums") == []


def test_what_was_blacked_out_is_seen_only_by_those_at_work(office):
    issue_id = reported(office)
    office.call("act", UNIT, issue_id=issue_id)
    told = office.call("attach_photo", RESIDENT, issue_id=issue_id, kind="before", data=photo())
    face = {"left": 100, "top": 100, "width": 200, "height": 200}
    photo_id = told["photo_id"]
    redacted = office.call("redact_photo", TRIAGE, issue_id=issue_id, photo_id=photo_id, rectangles=[face])
    assert redacted["redactions"][0]["rectangles"] == [face]
    for actor in (NEIGHBOUR, RESIDENT, UNIT):
        assert pixel(office.call("get_photo", actor, issue_id=issue_id, photo_id=photo_id), (200, 200)) == (0, 0, 0)
    original = office.call("get_photo", UNIT, issue_id=issue_id, photo_id=photo_id, version="original")
    assert pixel(original, (200, 200))[0] > 150
    for actor in (NEIGHBOUR, RESIDENT):
        with pytest.raises(Forbidden):
            office.call("get_photo", actor, issue_id=issue_id, photo_id=photo_id, version="original")
    office.call("resolve", VERIFIER, issue_id=issue_id)
    with pytest.raises(Forbidden):
        office.call("get_photo", UNIT, issue_id=issue_id, photo_id=photo_id, version="original")


def test_a_second_redaction_keeps_the_first_and_the_original(office):
    issue_id = reported(office)
    told = office.call("attach_photo", RESIDENT, issue_id=issue_id, kind="before", data=photo())
    for left in (0, 400):
        area = {"left": left, "top": 0, "width": 200, "height": 200}
        office.call("redact_photo", issue_id=issue_id, photo_id=told["photo_id"], rectangles=[area])
    public = office.call("get_photo", issue_id=issue_id, photo_id=told["photo_id"])
    assert pixel(public, (100, 100)) == pixel(public, (500, 100)) == (0, 0, 0)
    original = office.call("get_photo", issue_id=issue_id, photo_id=told["photo_id"], version="original")
    assert pixel(original, (100, 100))[0] > 150
    assert pixel(original, (500, 100))[0] > 150


@pytest.mark.parametrize(
    ("area", "refusal"),
    [
        ({"left": 600, "top": 0, "width": 100, "height": 10}, rules.OutsideThePhoto),
        ({"left": -1, "top": 0, "width": 10, "height": 10}, InvalidInput),
        ({"left": 0, "top": 0, "width": 0, "height": 10}, InvalidInput),
    ],
)
def test_a_rectangle_that_is_not_in_the_photo_blackens_nothing(office, area, refusal):
    issue_id = reported(office)
    told = office.call("attach_photo", RESIDENT, issue_id=issue_id, kind="before", data=photo())
    before = office.documents("photos"), office.documents("albums")
    with pytest.raises(refusal):
        office.call("redact_photo", issue_id=issue_id, photo_id=told["photo_id"], rectangles=[area])
    assert (office.documents("photos"), office.documents("albums")) == before


def test_photos_of_a_sensitive_issue_are_refused_to_strangers(office):
    issue_id = reported(office, sensitive=True)
    told = office.call("attach_photo", RESIDENT, issue_id=issue_id, kind="before", data=photo())
    with pytest.raises(Forbidden):
        office.call("get_photo", NEIGHBOUR, issue_id=issue_id, photo_id=told["photo_id"])
    office.call("get_photo", RESIDENT, issue_id=issue_id, photo_id=told["photo_id"])
    assert looks(office) == [
        *MADE,
        ("R-1001", None, "attach_photo", "whole"),
        ("R-1007", None, "get_photo", "refused"),
        ("R-1001", None, "get_photo", "whole"),
    ]


def test_a_photo_that_is_not_there_is_not_found(office):
    with pytest.raises(NotFound, match="no photo"):
        office.call("get_photo", issue_id=reported(office), photo_id="PH-0001-x")


# -- everything about one person


def everything(office, actor, person, limit):
    items, after = [], None
    while True:
        page = office.call("my_data", actor, person=person, limit=limit, after=after)
        items += page["items"]
        after = page["next"]
        if after is None:
            return items


def test_a_person_is_told_everything_that_is_held_about_them(office):
    first, second = reported(office, sensitive=True), reported(office)
    other = reported(office, actor=NEIGHBOUR)
    office.call("set_proxy", NEIGHBOUR, issue_id=other, person="R-1001", relation="neighbour", consent="同意")
    office.call("support", RESIDENT, issue_id=other, person="R-1001")
    office.call("attach_photo", RESIDENT, issue_id=first, kind="before", data=photo(), caption="厨房")
    office.call("get_issue", TRIAGE, issue_id=first)
    roll = [{"person_id": one, "area": 90} for one in ("R-1001", "R-1007")]
    vote = voted_on(office, second, roll)
    office.call("cast_vote", RESIDENT, deliberation_id=vote, person_id="R-1001", choice="against")

    items = everything(office, RESIDENT, "R-1001", 50)
    assert [one["part"] for one in items] == ["issues", "issues", "proxy_for", "votes", "supports", *["looks"] * 4]
    assert items[0]["data"]["text"] == "楼道漏水 13955501234"
    assert [one["caption"] for one in items[0]["data"]["photos"]] == ["厨房"]
    assert items[2]["data"]["issue_id"] == other
    assert "text" not in items[2]["data"]
    assert items[3]["data"]["voted"] is True
    assert "against" not in str(items[3])
    assert items[4]["data"]["issue_id"] == other
    assert [(one["data"]["by"], one["data"]["call"]) for one in items[5:]] == [
        ("R-1001", "report_issue"),
        ("P-0100", "triage"),
        ("R-1001", "attach_photo"),
        ("P-0100", "get_issue"),
    ]
    for limit in (1, 2, 3, 5):
        assert everything(office, RESIDENT, "R-1001", limit) == items


@pytest.mark.parametrize("actor", [NEIGHBOUR, TRIAGE, UNIT], ids=lambda actor: actor.id)
@pytest.mark.parametrize(("name", "more"), [("my_data", {}), ("erase_person", {"reason": "own_wish"})])
def test_nobody_else_is_told_or_erases(office, actor, name, more):
    reported(office)
    before = office.documents("issues")
    with pytest.raises(Forbidden):
        office.call(name, actor, person="R-1001", **more)
    assert office.documents("issues") == before


# -- erasure and retention


def counted(office):
    issues = office.documents("issues")
    votes = office.documents("voters")
    return (
        len(issues),
        sorted((one["state"], one["category"], one["outcome"], one["satisfaction"], one["round"]) for one in issues),
        sorted((one["deliberation_id"], str(one["choice"]), one["area"]) for one in votes),
    )


def test_who_is_erased_is_in_no_document_but_what_has_to_stay(office):
    gone, open_one = closed(office), reported(office)
    hazard = closed(office, category="bike_shed", hazard="flying_wire_charging")
    office.call("attach_photo", RESIDENT, issue_id=gone, kind="proof", data=photo(), caption="厨房")
    before = counted(office)

    told = office.call("erase_person", RESIDENT, person="R-1001", reason="own_wish")

    assert told["erased"] == [gone]
    assert [(one["id"], one["reason"]) for one in told["kept"]] == [(open_one, "open"), (hazard, "legal_duty")]
    assert told["kept"][1]["until"].startswith("2028-03-02")
    assert counted(office) == before
    cut = office.call("get_issue", issue_id=gone)
    assert (cut["text"], cut["remark"], cut["reporter_ref"]) == ("", None, f"erased:{gone}")
    assert office.documents("photos") == office.documents("albums") == []
    assert [one["id"] for one in everything(office, RESIDENT, "R-1001", 50)] == [open_one, hazard]


def test_the_fact_of_an_erasure_names_nobody_in_its_data_and_its_envelope(office):
    gone = closed(office)
    office.call("erase_person", RESIDENT, person="R-1001", reason="own_wish")
    [fact] = office.facts("resident.erased")
    assert fact["data"]["issue_ids"] == [gone]
    assert fact["subject"] == fact["data"]["erasure_id"]
    assert "R-1001" not in str(fact)
    assert "R-1001" not in str(office.documents("erasures"))


def test_erased_again_there_is_nothing_left_to_cut_and_nothing_to_tell(office):
    closed(office)
    office.call("erase_person", person="R-1001", reason="court_order")
    state = office.documents("issues"), office.documents("erasures")
    assert office.call("erase_person", person="R-1001", reason="court_order") == {"erased": [], "kept": []}
    assert (office.documents("issues"), office.documents("erasures")) == state
    assert len(office.facts("resident.erased")) == 1


def test_a_vote_that_is_over_stays_in_the_count_and_one_that_runs_is_kept_by_name(office):
    roll = [{"person_id": one, "area": 90} for one in ("R-1001", "R-1007")]
    first, second = reported(office, actor=NEIGHBOUR), reported(office, actor=NEIGHBOUR)
    over, runs = (voted_on(office, one, roll) for one in (first, second))
    for vote in (over, runs):
        office.call("cast_vote", RESIDENT, deliberation_id=vote, person_id="R-1001", choice="for")
    office.call("close_vote", deliberation_id=over)
    before = counted(office)
    told = office.call("erase_person", person="R-1001", reason="moved_away")
    assert told == {"erased": [], "kept": [{"id": runs, "reason": "open", "until": None}]}
    assert counted(office) == before
    named = [one["deliberation_id"] for one in office.documents("voters") if "R-1001" in str(one)]
    assert named == [runs]


def test_who_supported_an_issue_is_counted_on_without_a_name(office):
    issue_id = reported(office, actor=NEIGHBOUR)
    office.call("support", RESIDENT, issue_id=issue_id, person="R-1001")
    office.call("erase_person", person="R-1001", reason="own_wish")
    [support] = office.documents("supports")
    assert support["issue_id"] == issue_id
    assert "R-1001" not in str(support)
    assert office.call("get_issue", issue_id=issue_id)["supporters"] == 1


def test_the_diary_of_a_sensitive_issue_is_read_on_record(office):
    issue_id = reported(office, sensitive=True)
    office.call("add_update", issue_id=issue_id, text="已联系家属", public=False)
    with pytest.raises(Forbidden):
        office.call("list_updates", NEIGHBOUR, issue_id=issue_id)
    assert office.call("list_updates", TRIAGE, issue_id=issue_id)["items"][0]["text"] == "已联系家属"
    assert looks(office) == [
        *MADE,
        ("R-1007", None, "list_updates", "refused"),
        ("P-0100", None, "list_updates", "whole"),
    ]


def test_who_was_a_proxy_is_taken_off_where_they_are_erased(office):
    issue_id = reported(office, actor=NEIGHBOUR)
    office.call("set_proxy", NEIGHBOUR, issue_id=issue_id, person="R-1001", relation="neighbour", consent="同意")
    office.call("erase_person", person="R-1001", reason="own_wish")
    assert office.call("get_issue", issue_id=issue_id)["proxies"] == []


def test_what_a_visit_found_about_a_person_is_told_to_them_and_cut_with_them(office):
    findings = [
        {"text": "李桂兰独居", "dimension": "living_needs", "resident": "R-1001", "handled_on_spot": True},
        {"text": "楼上漏水", "dimension": "living_needs", "resident": "R-1007", "handled_on_spot": True},
    ]
    visit = office.call(
        "record_visit",
        building_id=B09,
        visitors=["P-0009"],
        dimensions=["living_needs"],
        consent=True,
        findings=findings,
    )
    [told] = everything(office, RESIDENT, "R-1001", 50)
    assert (told["part"], told["data"]["visit_id"]) == ("visits", visit["visit_id"])
    assert [one["text"] for one in told["data"]["findings"]] == ["李桂兰独居"]
    office.call("erase_person", RESIDENT, person="R-1001", reason="own_wish")
    assert everything(office, RESIDENT, "R-1001", 50) == []
    [stored] = office.documents("visits")
    assert [(one["text"], one["resident"]) for one in stored["findings"]] == [("", None), ("楼上漏水", "R-1007")]


@pytest.mark.parametrize(("sensitive", "days"), [(False, 3 * 365), (True, 365)])
def test_when_the_time_to_keep_it_is_over_an_issue_is_archived_with_photos_and_looks(office, sensitive, days):
    issue_id = reported(office, sensitive=sensitive)
    office.call("attach_photo", RESIDENT, issue_id=issue_id, kind="before", data=photo())
    office.call("act", UNIT, issue_id=issue_id)
    office.call("resolve", VERIFIER, issue_id=issue_id)
    office.call("confirm", RESIDENT, issue_id=issue_id, satisfaction=5)
    office.call("get_issue", TRIAGE, issue_id=issue_id)
    ended = office.now
    office.run_due(ended + timedelta(days=days, seconds=-1))
    assert office.documents("issues")[0]["state"] == "closed"
    assert office.documents("photos")

    office.run_due(ended + timedelta(days=days))

    [issue] = office.documents("issues")
    assert (issue["state"], issue["text"], issue["reporter_ref"]) == ("archived", "", f"erased:{issue_id}")
    assert issue["satisfaction"] == 5
    assert office.documents("photos") == office.documents("albums") == office.documents("looks") == []
    assert [one["data"] for one in office.facts("issue.archived")] == [{"issue_id": issue_id}]
    assert office.documents("deadlines") == []


def test_an_archived_issue_leaves_no_voter_and_no_finding_of_a_visit_behind(office):
    findings = [{"text": "李桂兰独居", "dimension": "living_needs", "resident": "R-1001", "category": "waste_station"}]
    visit = office.call(
        "record_visit",
        building_id=B09,
        visitors=["P-0009"],
        dimensions=["living_needs"],
        consent=True,
        findings=findings,
    )
    [issue_id] = visit["issue_ids"]
    vote = voted_on(office, issue_id, [{"person_id": one, "area": 90} for one in ("R-1001", "R-1007")])
    office.call("cast_vote", deliberation_id=vote, person_id="R-1001", choice="for")
    office.call("close_vote", deliberation_id=vote)
    office.call("act", UNIT, issue_id=issue_id)
    office.call("resolve", VERIFIER, issue_id=issue_id)
    office.call("confirm", issue_id=issue_id, satisfaction=5, by="R-1001")
    before = counted(office)[2]
    office.run_due(office.now + timedelta(days=3 * 365))
    assert counted(office)[2] == before
    for collection in ("issues", "voters", "visits", "looks"):
        stored = str(office.documents(collection))
        assert [word for word in ("R-1001", "R-1007", "李桂兰") if word in stored] == [], collection
