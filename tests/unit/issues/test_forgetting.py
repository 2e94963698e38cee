"""What stays of deliberations and mediations once an issue or a person is cut."""

import dataclasses
from datetime import date, timedelta

import pytest

from services.issues import domain
from tests.support.times import TIMES


@pytest.fixture
def agreed(mediating, now):
    issue, mediation = mediating
    talk = domain.Session(held_at=now + timedelta(hours=2), notes="各退一步", present=("R-1001", "R-1007"))
    mediation = domain.record_mediation_session(mediation, talk, by="V-2101", now=now + timedelta(days=1))
    owed = domain.Obligation(party_ref="R-1007", text="挪车", due_on=date(2025, 3, 20))
    end = domain.Conclusion(
        agreed=True,
        agreement="协议7",
        obligations=(owed,),
        signed_by=("R-1001", "R-1007"),
        effective_on=None,
        reason=None,
    )
    return domain.conclude_mediation(mediation, issue, end, by="V-2101", now=now + timedelta(days=1), times=TIMES)[0]


def test_of_a_mediation_stays_that_it_took_place_and_how_it_ended(agreed):
    cut = domain.cut_mediation(agreed)

    assert (cut.mediation_id, cut.state, cut.confirm_in_court_until) == (
        "MD-0101", "agreed", agreed.confirm_in_court_until,
    )  # fmt: skip
    assert (len(cut.parties), cut.sessions, cut.conclusion.agreed) == (2, (), True)
    for secret in ("R-1001", "R-1007", "各退一步", "挪车", "协议7"):
        assert secret in str(agreed)
        assert secret not in str(cut)


def test_one_party_goes_and_the_other_keeps_what_was_agreed_on(agreed):
    left = domain.without_party(agreed, "R-1007")

    assert "R-1007" not in str(left)
    assert left.party_refs == ("R-1001", "erased:MD-0101/1")
    assert left.conclusion.obligations[0].text == "挪车"
    assert domain.without_party(left, "R-1001").party_refs == ("erased:MD-0101/0", "erased:MD-0101/1")


def test_of_a_deliberation_stays_what_was_decided(passed, now):
    _, deliberation, _ = passed
    said = domain.Minutes(
        held_at=now, place="一楼见", host="P-0007", recorder="P-0009", present=("R-1001",), views=(), result="李说不行",
        measures=(),
    )  # fmt: skip
    evaluation = domain.Evaluation(solved=True, after_effects=False, remark="王有意见", by="P-0003", at=now)
    full = dataclasses.replace(
        deliberation, minutes=said, evaluation=evaluation, proposers=("R-1003",), withdrawn_for="李不愿"
    )

    cut = domain.cut_deliberation(full)

    assert (cut.tally, cut.state, cut.steps, cut.evaluation.solved) == (full.tally, "passed", full.steps, True)
    assert all(secret not in str(cut) for secret in ("李说不行", "王有意见", "李不愿", "R-1003"))


def test_who_was_to_hand_in_a_vote_goes_and_the_vote_stays(called, now):
    _, deliberation, [voter, *_], _ = called
    voter = domain.register_vote_proxy(
        deliberation, voter, "R-1007", (), authorisation="档案-1", by="P-0007", now=now, times=TIMES
    )
    voted = domain.cast_vote(deliberation, voter, domain.Choice.FOR, cast_by="R-1007", now=now)

    left = domain.without_vote_proxy(voted)

    assert (left.choice, left.proxy, left.cast_by) == (domain.Choice.FOR, None, "erased:proxy")
    assert "R-1007" not in str(left)
