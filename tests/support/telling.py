"""Issues from the report to the end, with words that name a person in every field that takes words."""

from collections.abc import Callable
from typing import Any

from tests.support.office import B09

SECRET = "李桂兰 13955501234 9栋1203室 因透析下不了楼"
Call = Callable[..., dict[str, Any]]


def report(call: Call, category: str = "neighbour_dispute", **more: Any) -> str:
    """Report an issue and triage it; it is masked, so that even the plan of its project stays here."""
    issue_id: str = call("report_issue", reporter="R-1001", building_id=B09, text=SECRET, **more)["issue_id"]
    call("triage", issue_id=issue_id, category=category)
    call("set_visibility", issue_id=issue_id, visibility="masked", reason=SECRET)
    return issue_id


def project(call: Call, photo: dict[str, Any]) -> dict[str, str]:
    """Let residents vote and a secretary lead, and return the ids that came up."""
    issue_id = report(call, "waste_station", client_id="wx-1")
    call("set_proxy", issue_id=issue_id, person="R-1007", relation="neighbour", consent=SECRET)
    photo_id = call("attach_photo", **{**photo, "issue_id": issue_id, "by": "R-1001"})["photo_id"]
    roll = [{"person_id": "R-1001", "area": 90}]
    vote = call("open_deliberation", issue_id=issue_id, rule="council_simple", topic=SECRET, roll=roll)
    minutes = {"place": SECRET, "result": SECRET, "views": [{"side": SECRET, "view": SECRET}]}
    measures = [{"text": SECRET, "responsible": "P-0009", "due_on": "2025-04-01"}]
    people = {"host": "P-0007", "recorder": "P-0009", "present": ["R-1001"]}
    call(
        "record_minutes",
        deliberation_id=vote["deliberation_id"],
        held_at="2025-03-03T09:00:00+08:00",
        **minutes,
        measures=measures,
        **people,
    )
    call("cast_vote", deliberation_id=vote["deliberation_id"], person_id="R-1001", choice="for")
    call("close_vote", deliberation_id=vote["deliberation_id"])
    call("sign_resolution", deliberation_id=vote["deliberation_id"], by="R-1001")
    call("publish_resolution", deliberation_id=vote["deliberation_id"])
    call("object_resolution", deliberation_id=vote["deliberation_id"], text=SECRET, by="R-1001")
    started = call(
        "start_secretary_project",
        issue_id=issue_id,
        leader="P-0007",
        goal=SECRET,
        deadline="2025-05-01",
        acceptance=[{"item": "A1", "text": SECRET}],
        measures=[SECRET],
    )
    call("accept_project", project_id=started["project_id"], items=[{"item": "A1", "met": True}], by="P-0008")
    call("confirm", issue_id=issue_id, satisfaction=1, reason=SECRET)
    return {
        "issue_id": issue_id,
        "deliberation_id": vote["deliberation_id"],
        "project_id": started["project_id"],
        "photo_id": photo_id,
    }


def outside_unit(call: Call) -> None:
    """Send an issue to two outside units that give it back, decide whose it is, and let it be done and checked."""
    units = [
        {
            "unit_id": f"U-{number}",
            "kind": "utility",
            "label_zh": SECRET,
            "label_en": SECRET,
            "persons": [f"W-{number}"],
        }
        for number in (1, 2, 3)
    ]
    call("set_units", units=units)
    done = {
        "answer": SECRET,
        "proof": [SECRET],
        "conditions": call("get_category", "neighbour_dispute")["closing_condition_zh"],
    }
    issue_id = report(call)
    for number, other in ((1, 2), (2, 1)):
        assisting = [{"unit": f"U-{other}", "task": SECRET}]
        call("dispatch", issue_id=issue_id, lead_unit=f"U-{number}", note=SECRET, assisting=assisting)
        grounds = {"reason": "not_responsible", "evidence": SECRET}
        call("return_issue", issue_id=issue_id, unit=f"U-{number}", by=f"W-{number}", **grounds)
    call("rule", issue_id=issue_id, unit="U-1", by="P-0001", reason=SECRET)
    call("sign", issue_id=issue_id, unit="U-1", by="W-1")
    call("add_assisting", issue_id=issue_id, unit="U-3", task=SECRET)
    call("record_contact", issue_id=issue_id, by="W-1", reached=True, how="phone", note=SECRET)
    call("add_update", issue_id=issue_id, by="W-1", text=SECRET, public=True)
    call("report_done", issue_id=issue_id, by="W-1", **done)
    call("fail_check", issue_id=issue_id, by="P-0008", reason="not_done", remark=SECRET)
    call("report_done", issue_id=issue_id, by="W-1", **done)
    call("resolve", issue_id=issue_id, by="P-0010")
    call("confirm", issue_id=issue_id, satisfaction=5, reason=SECRET)
    call("reopen", issue_id=issue_id, reason=SECRET)


def topic(call: Call) -> None:
    """Propose a topic, let somebody vote for another, put the meeting off, and take the topic back."""
    issue_id = report(call, "waste_station")
    proposed = call("propose_topic", issue_id=issue_id, topic=SECRET, proposed_by="branch", options=[SECRET])
    key = {"deliberation_id": proposed["deliberation_id"]}
    call("set_roll", **key, roll=[{"person_id": person, "area": 90} for person in ("R-1001", "R-1007")])
    meets, later = "2025-03-20T09:00:00+08:00", "2025-03-21T09:00:00+08:00"
    call("open_deliberation", issue_id=issue_id, meets_at=meets, closes_at="2025-03-22T09:00:00+08:00")
    call("register_vote_proxy", **key, person_id="R-1001", proxy="R-1007", authorisation=SECRET)
    call("postpone_deliberation", **key, meets_at=later, reason=SECRET)
    call("withdraw_topic", **key, reason=SECRET)


def applied_project(call: Call) -> None:
    """Apply for a project, have it approved, report how it goes, and give it up."""
    applied = call(
        "apply_project",
        issue_id=report(call),
        leader="P-0007",
        goal=SECRET,
        deadline="2025-05-01",
        acceptance=[{"item": "A1", "text": SECRET}],
        measures=[SECRET],
        problem=SECRET,
        by="P-0007",
    )
    key = {"project_id": applied["project_id"]}
    call("approve_project", **key, note=SECRET, by="P-0003")
    call("start_approved_project", **key)
    call("set_milestones", **key, milestones=[{"milestone": "M1", "text": SECRET, "due_on": "2025-03-20"}])
    call("report_milestone", **key, milestone="M1", percent=50, note=SECRET, by="P-0007")
    call("cancel_project", **key, reason="no_funds", note=SECRET, by="P-0003")


def mediation(call: Call) -> None:
    """Let two neighbours agree before a mediator."""
    issue_id = report(call)
    call("act", issue_id=issue_id, by="P-0009")
    agreed = {"consent_via": "written", "consented_at": "2025-03-03T09:00:00+08:00"}
    parties = [{"party_ref": person, **agreed} for person in ("R-1001", "R-1007")]
    opened = call("refer_mediation", issue_id=issue_id, mediator="V-2101", parties=parties)
    key = {"mediation_id": opened["mediation_id"]}
    call("record_mediation_session", **key, held_at="2025-03-03T09:00:00+08:00", notes=SECRET, present=["R-1001"])
    call(
        "conclude_mediation",
        **key,
        agreed=True,
        agreement=SECRET,
        signed_by=["R-1001", "R-1007"],
        obligations=[{"party_ref": "R-1007", "text": SECRET, "due_on": "2025-12-31"}],
    )


def own_unit(call: Call) -> None:
    """Ask back, act, decide together, and let the reporter take the issue back."""
    issue_id = call("report_issue", reporter="R-1001", building_id=B09, text=SECRET)["issue_id"]
    call("ask_info", issue_id=issue_id, question=SECRET)
    call("give_info", issue_id=issue_id, text=SECRET)
    call("triage", issue_id=issue_id, category="neighbour_dispute")
    call("act", issue_id=issue_id, by="P-0009", note=SECRET)
    call("extend", issue_id=issue_id, reason=SECRET, days=3, by="P-0009")
    call("decline", issue_id=issue_id, kind="extend", reason=SECRET, by="P-0007")
    waits = {"until": "2025-04-01T09:00:00+08:00", "reason": "parts", "public_reason": SECRET}
    call("suspend", issue_id=issue_id, by="P-0009", **waits)
    call("approve", issue_id=issue_id, kind="suspend", by="P-0007")
    call("withdraw", issue_id=issue_id, reason=SECRET)
    forced = report(call)
    call("force_close", issue_id=forced, reason="not_solvable", public_reason=SECRET, by="P-0009")
    call("approve", issue_id=forced, kind="force_close", by="P-0007")


def visits(call: Call) -> None:
    """Call at a household, inspect a building, and say what the office calls things."""
    row = {"dimension": "living_needs", "label_zh": SECRET, "label_en": SECRET, "source": SECRET}
    call("set_visit_dimensions", dimensions=[row])
    call("set_special_days", days=[{"day": "2026-03-04", "working": False, "name_zh": SECRET}])
    finding = {"text": SECRET, "dimension": "living_needs", "resident": "R-1001", "category": "neighbour_dispute"}
    call(
        "record_visit",
        building_id=B09,
        visitors=["P-0009"],
        dimensions=["living_needs"],
        consent=True,
        findings=[finding],
        partners=[SECRET],
    )
    item = {"item": "I1", "state": "not_in_order", "hazard": "flying_wire_charging", "text": SECRET}
    call("record_inspection", building_id=B09, inspectors=["P-0009"], items=[item], category="bike_shed")
