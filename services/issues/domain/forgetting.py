"""What is cut of the deliberations and mediations of an issue, and of a person in them."""

from dataclasses import replace

from services.issues.domain.deliberation import Deliberation, Voter
from services.issues.domain.mediation import Mediation

ERASED = "erased"


def cut_deliberation(deliberation: Deliberation) -> Deliberation:
    """Take out what was said; what was decided, how and by how many stays."""
    evaluation = deliberation.evaluation
    return replace(
        deliberation,
        minutes=None,
        proposers=(),
        withdrawn_for=None,
        postponements=tuple(replace(one, reason="") for one in deliberation.postponements),
        evaluation=evaluation and replace(evaluation, remark=None),
    )


def cut_mediation(mediation: Mediation) -> Mediation:
    """Take out what was said, what was agreed on, and between whom; that it took place, and how it ended, stays."""
    for party in mediation.party_refs:
        mediation = without_party(mediation, party)
    end = mediation.conclusion
    return replace(
        mediation,
        sessions=(),
        conclusion=end
        and replace(end, agreement=None, obligations=tuple(replace(one, text="") for one in end.obligations)),
    )


def without_party(mediation: Mediation, person: str) -> Mediation:
    """Put nobody in the place of one party; the others keep what they agreed on."""
    nobody = f"{ERASED}:{mediation.mediation_id}/{mediation.party_refs.index(person)}"

    def named(persons: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(nobody if one == person else one for one in persons)

    end = mediation.conclusion
    return replace(
        mediation,
        parties=tuple(replace(one, party_ref=named((one.party_ref,))[0]) for one in mediation.parties),
        sessions=tuple(replace(one, present=named(one.present)) for one in mediation.sessions),
        conclusion=end
        and replace(
            end,
            signed_by=named(end.signed_by),
            obligations=tuple(replace(one, party_ref=named((one.party_ref,))[0]) for one in end.obligations),
        ),
    )


def without_vote_proxy(voter: Voter) -> Voter:
    """Take out who was to hand in a vote, and where the paper on it is kept."""
    nobody = f"{ERASED}:proxy"
    cast_by = nobody if voter.cast_by == voter.proxy else voter.cast_by
    return replace(voter, proxy=None, authorisation=None, cast_by=cast_by)
