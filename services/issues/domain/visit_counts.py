"""What visits came to: a pure count over visits."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from services.issues.domain.rates import Rate, rate
from services.issues.domain.visit import Finding, Visit, VisitKind, VisitOutcome
from shared.errors import Refusal

TALKED = (VisitOutcome.MET, VisitOutcome.INFORMED)


class TooManyVisits(Refusal):
    """A report looks at every visit; one of a single round always fits."""


@dataclass(frozen=True, kw_only=True)
class VisitCounts:
    """Visits of a round; `met` is a share of visits, `consent` of those met, the last two are shares of findings."""

    visits: int
    door_calls: int
    receptions: int
    people: int
    met: Rate
    consent: Rate
    dimensions: dict[str, int]
    follow_ups_open: int
    findings: int
    handled_on_spot: Rate
    became_issues: Rate


def visit_counts(visits: Sequence[Visit]) -> VisitCounts:
    """Count the visits."""
    findings = [finding for visit in visits for finding in visit.findings]
    met = [visit for visit in visits if visit.outcome in TALKED]
    kinds = Counter(visit.kind for visit in visits)
    return VisitCounts(
        visits=len(visits),
        door_calls=kinds[VisitKind.DOOR_CALL],
        receptions=kinds[VisitKind.RECEPTION],
        people=sum(visit.people for visit in visits),
        met=rate(len(met), len(visits)),
        consent=rate(sum(visit.consent for visit in met), len(met)),
        dimensions=dict(sorted(Counter(one for visit in visits for one in visit.dimensions).items())),
        follow_ups_open=sum(visit.follow_up_due is not None and visit.follow_up_done is None for visit in visits),
        findings=len(findings),
        handled_on_spot=_of(findings, [finding for finding in findings if finding.handled_on_spot]),
        became_issues=_of(findings, [finding for finding in findings if finding.issue_id]),
    )


def _of(findings: Sequence[Finding], some: Sequence[Finding]) -> Rate:
    return rate(len(some), len(findings))
