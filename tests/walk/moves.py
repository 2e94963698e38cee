"""What people may try at random: for each command of the table, arguments that fit the issue, or do not."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from tests.e2e.fixture import B09

Document = Mapping[str, Any]
Fields = dict[str, Any]

SECRET = "张桂芳13955508812三单元1207室"
REPORTERS = tuple(f"R-{number}" for number in range(1001, 1007))
STAFF = ("P-0001", "P-0003", "P-0007", "P-0009", "P-0010", "P-0100")
OUTSIDE = {"PC-0007": ("U-0071", "U-0072"), "DEP-0003": ("U-0031", "U-0032"), "UT-0001": ("U-0011", "U-0012")}
HELPERS = ("V-2001", "V-2002", "V-2003")
PEOPLE = (*STAFF, *HELPERS, *(person for persons in OUTSIDE.values() for person in persons), *REPORTERS)
UNITS = tuple(OUTSIDE)
B10 = "C01-G03-E07-B10"
CATEGORIES = ("waste_station", "lift_maintenance", "neighbour_dispute", "special_group_support", "bike_shed")
ROLL = tuple(f"O-{number}" for number in range(5))


@dataclass(frozen=True)
class Moment:
    """What a move is made of: chance, the time, the issue as it was a moment ago, and others."""

    chance: Random
    now: datetime
    issue: Document
    others: tuple[str, ...]
    conditions: list[str]  # what its category asks to be ticked

    @property
    def anybody(self) -> str:
        """Somebody of the staff in most cases, else anybody."""
        return self.chance.choice(STAFF if self.chance.random() < 0.7 else PEOPLE)

    @property
    def reporter(self) -> str:
        """The reporter in most cases, else anybody."""
        return str(self.issue["reporter_ref"]) if self.chance.random() < 0.8 else self.chance.choice(PEOPLE)

    @property
    def unit(self) -> str:
        """The lead unit in most cases, else any."""
        lead = self.issue.get("lead_unit")
        return str(lead) if lead and self.chance.random() < 0.9 else self.chance.choice(UNITS)

    @property
    def of_unit(self) -> Fields:
        """A unit, and in most cases a person of it."""
        unit = self.unit
        return {
            "unit": unit,
            "by": self.chance.choice(OUTSIDE.get(unit, STAFF)) if self.chance.random() < 0.9 else self.anybody,
        }

    @property
    def worker(self) -> str:
        """Somebody who may do the work: of the lead unit where there is one."""
        return str(self.of_unit["by"]) if self.issue.get("lead_unit") else self.anybody

    def later(self, **span: float) -> str:
        """A moment after now."""
        return (self.now + timedelta(**span)).isoformat()


def triage(m: Moment) -> Fields:
    hazard = m.chance.choice([None, None, "blocked_stairs"])
    return {
        "category": m.chance.choice(CATEGORIES),
        "hazard": hazard,
        "responsible_unit": m.chance.choice([None, B09, "C01-G03-E07"]),
    }


def dispatch(m: Moment) -> Fields:
    lead, assisting = m.chance.sample(UNITS, 2)
    helped = [{"unit": assisting, "task": SECRET}] if m.chance.random() < 0.3 else []
    return {"lead_unit": lead, "assisting": helped, "note": SECRET}


def last(m: Moment, field: str) -> str:
    ids = m.issue.get(field) or ["none"]
    return str(ids[-1])


def open_deliberation(m: Moment) -> Fields:
    """Open what was proposed, or ask at once; some votes end by themselves within a week."""
    closes_at = m.later(days=m.chance.randint(1, 7)) if m.chance.random() < 0.5 else None
    if m.issue.get("open_deliberation_id"):
        return {"closes_at": closes_at}
    roll = [{"person_id": voter} for voter in ROLL]
    return {
        "rule": "council_simple", "matter": "council_matter", "topic": "议题", "roll": roll, "closes_at": closes_at,
    }  # fmt: skip


def project_items(m: Moment) -> list[Fields]:
    return [{"item": "A1", "met": m.chance.random() < 0.7}]


MOVES: Mapping[str, Callable[[Moment], Fields]] = {
    "ask_info": lambda m: {"question": SECRET},
    "give_info": lambda m: {"text": SECRET, "by": m.reporter},
    "triage": triage,
    "reject": lambda m: {"reason": m.chance.choice(["not_ours", "not_true"]), "referred_to": "12345", "by": m.anybody},
    "merge": lambda m: {"into": m.chance.choice(m.others), "by": m.anybody},
    "unmerge": lambda m: {"by": m.reporter},
    "relapse": lambda m: {"of": m.chance.choice(m.others), "by": m.anybody},
    "support": lambda m: {"person": m.chance.choice(REPORTERS)},
    "withdraw_support": lambda m: {"person": m.chance.choice(REPORTERS)},
    "dispatch": dispatch,
    "sign": lambda m: m.of_unit,
    "return_issue": lambda m: {
        **m.of_unit, "evidence": SECRET,
        "reason": m.chance.choice(["not_responsible", "wrong_place", "beyond_authority"]),
    },
    "rule": lambda m: {"unit": m.chance.choice(UNITS), "by": "P-0001", "reason": "by duty"},
    "add_assisting": lambda m: {"unit": m.chance.choice(UNITS), "task": SECRET},
    "end_assisting": lambda m: {"unit": m.chance.choice(UNITS)},
    "record_contact": lambda m: {"by": m.worker, "reached": m.chance.random() < 0.6, "how": "phone", "note": SECRET},
    "add_update": lambda m: {"by": m.anybody, "text": SECRET, "public": m.chance.random() < 0.5},
    "assign": lambda m: {"org_unit": m.chance.choice([B09, B10, "C01-G03-E07"]), "reason": "workload", "by": m.anybody},
    "act": lambda m: {"by": m.anybody, "note": SECRET},
    "suspend": lambda m: {
        "until": m.later(days=m.chance.randint(1, 40)), "reason": "parts", "public_reason": "等待配件", "by": m.worker,
    },
    "extend": lambda m: {"days": m.chance.randint(1, 5), "reason": SECRET, "by": m.worker},
    "force_close": lambda m: {"reason": "not_solvable", "public_reason": "无法解决", "by": m.anybody},
    "approve": lambda m: {"kind": m.chance.choice(["reject", "suspend", "extend", "force_close"]), "by": m.anybody},
    "decline": lambda m: {"kind": m.chance.choice(["suspend", "extend"]), "by": m.anybody, "reason": SECRET},
    "report_done": lambda m: {"by": m.worker, "conditions": m.conditions, "proof": ["PH-1"], "answer": "已处理"},
    "fail_check": lambda m: {"by": m.anybody, "reason": "not_done", "remark": SECRET},
    "resolve": lambda m: {"by": m.anybody},
    "confirm": lambda m: {"satisfaction": m.chance.choice([1, 2, 3, 4, 5]), "by": m.reporter, "reason": SECRET},
    "record_call_back": lambda m: {
        "by": m.anybody, "reached": m.chance.random() < 0.7, "solved": m.chance.choice([None, "yes", "partly", "no"]),
        "satisfied": m.chance.choice([None, "satisfied", "basically", "dissatisfied"]),
    },
    "answer_durability": lambda m: {"by": m.reporter, "holds": m.chance.random() < 0.7, "remark": SECRET},
    "reopen": lambda m: {"by": m.reporter, "reason": SECRET},
    "withdraw": lambda m: {"by": m.reporter, "reason": SECRET},
    "request_help": lambda m: {"needed": m.chance.randint(1, 3)},
    "set_deadline": lambda m: {"due_at": m.later(hours=m.chance.randint(1, 90))},
    "set_proxy": lambda m: {
        "person": m.chance.choice(REPORTERS), "relation": "child", "consent": SECRET, "by": m.reporter,
    },
    "propose_topic": lambda m: {"topic": SECRET, "proposed_by": "branch", "matter": "council_matter"},
    "set_roll": lambda m: {
        "deliberation_id": last(m, "deliberation_ids"), "roll": [{"person_id": voter} for voter in ROLL],
    },
    "open_deliberation": open_deliberation,
    "withdraw_topic": lambda m: {"deliberation_id": last(m, "deliberation_ids"), "reason": SECRET},
    "cast_vote": lambda m: {
        "deliberation_id": last(m, "deliberation_ids"), "person_id": m.chance.choice(ROLL),
        "choice": m.chance.choice(["for", "for", "against"]),
    },
    "close_vote": lambda m: {"deliberation_id": last(m, "deliberation_ids")},
    "start_secretary_project": lambda m: {
        "leader": m.chance.choice(["P-0001", "P-0003", "P-0007"]), "goal": "解决", "deadline": m.later(days=30)[:10],
        "acceptance": [{"item": "A1", "text": "完成"}],
    },
    "accept_project": lambda m: {"project_id": last(m, "project_ids"), "items": project_items(m), "by": m.anybody},
    "cancel_project": lambda m: {
        "project_id": last(m, "project_ids"), "reason": "no_funds", "note": SECRET, "by": m.anybody,
    },
    "refer_mediation": lambda m: {
        "mediator": m.chance.choice(["V-2001", "P-0100"]),
        "parties": [
            {"party_ref": party, "consent_via": "written", "consented_at": m.now.isoformat()}
            for party in (m.issue["reporter_ref"], "R-2001")
        ],
    },
    "conclude_mediation": lambda m: {
        "mediation_id": last(m, "mediation_ids"), "agreed": False, "reason": "no_agreement", "by": m.anybody,
    },
}  # fmt: skip
NOT_BY_ISSUE = {  # they name what hangs on it
    "set_roll", "withdraw_topic", "cast_vote", "close_vote", "accept_project", "cancel_project", "conclude_mediation",
}  # fmt: skip
BESIDE_THE_TABLE = ("approve", "decline", "set_roll", "cast_vote", "set_proxy")
