"""Story 1 as rules alone: which facts issues announces, in order, and none besides."""

from services.issues import domain
from tests.support.categories import CATEGORIES
from tests.support.times import NOW, TIMES


def test_from_report_to_closing_issues_announces_these_eleven_facts(
    *, report, assessment, owners, plan, help_wanted, building, estate, now
):
    issue, reported = domain.report_issue("IS-0101", report, building=building, estate=estate, now=now, times=TIMES)
    issue, triage = domain.triage(issue, assessment, building, now, TIMES)
    issue, deliberation, voters, opened = domain.open_deliberation(
        issue, owners, by="local-shell", now=now, times=TIMES
    )
    votes = [
        domain.cast_vote(deliberation, voter, _choice(number), cast_by=voter.person_id, now=now)
        for number, voter in enumerate(voters[:160])
    ]
    deliberation, issue, passed = domain.close_vote(deliberation, issue, [*votes, *voters[160:]], now, TIMES)
    [issue], project, started = domain.start_secretary_project([issue], plan, estate, now)
    issue, help_requested = domain.request_help(issue, help_wanted, CATEGORIES["bike_shed"])
    issue = domain.dispatch_filled(issue, ("V-2002", "V-2001"), 1, NOW)
    findings = dict.fromkeys(("A1", "A2", "A3"), True)
    _, [issue], acceptance = domain.accept_project(project, [issue], findings, by="P-0003", now=now, times=TIMES)
    five = domain.Answer(by="R-1001", satisfaction=5, via=domain.Via.WECHAT, remark=None)
    issue, ending = domain.confirm(issue, five, estate, now, TIMES)

    facts = [reported, *triage, opened, passed, started, help_requested, *acceptance, *ending]
    assert [fact.type for fact in facts] == [
        "issue.reported",
        "issue.triaged",
        "hazard.flagged",
        "deliberation.opened",
        "deliberation.passed",
        "secretary_project.started",
        "issue.help_requested",
        "secretary_project.accepted",
        "issue.resolved",
        "issue.confirmed",
        "issue.closed",
    ]
    assert (passed.turnout, passed.votes_for, passed.votes_against) == (0.8, 132, 28)
    assert issue.state is domain.IssueState.CLOSED


def _choice(number):
    return domain.Choice.FOR if number < 132 else domain.Choice.AGAINST
