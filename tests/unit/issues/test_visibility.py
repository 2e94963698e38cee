"""Who sees how much of an issue."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.issues import domain, schemas
from services.issues.domain import View, Visibility
from services.issues.events import IssueVisibilitySet
from shared.actor import Actor
from shared.errors import Forbidden, StateNotAllowed

RESIDENT, NEIGHBOUR, HELPER, FORMER = (Actor(id=one) for one in ("R-1001", "R-1007", "V-2002", "V-2009"))
TRIAGE = Actor(id="P-0100", roles=("triage",))
ADMINISTRATOR = Actor(id="local-shell", roles=("administrator",))
OF_THE_UNIT = Actor(id="P-0009", roles=("unit",), unit="C01-G03-E07-B09")
OF_ANOTHER_UNIT = Actor(id="P-0008", roles=("unit",), unit="C01-G03-E08")
WITHOUT_A_ROLE = Actor(id="R-1008", roles=("resident",), unit="C01-G03-E07-B09")
EVERYBODY = (RESIDENT, NEIGHBOUR, HELPER, TRIAGE, ADMINISTRATOR, OF_THE_UNIT, OF_ANOTHER_UNIT, WITHOUT_A_ROLE)
CONCERNED = (RESIDENT, HELPER, TRIAGE, ADMINISTRATOR, OF_THE_UNIT)


def guarded(issue, visibility=Visibility.PUBLIC, *, sensitive=False):
    return replace(issue, visibility=visibility, sensitive=sensitive)


def views(issue, now):
    return {actor.id: domain.may_see(issue, actor, None, now) for actor in EVERYBODY}


def expected(inside, outside):
    return {actor.id: inside if actor in CONCERNED else outside for actor in EVERYBODY}


def test_a_public_issue_is_shown_whole_to_everybody(in_progress, now):
    assert set(views(in_progress, now).values()) == {View.WHOLE}


@pytest.mark.parametrize(
    ("visibility", "sensitive", "outside"),
    [
        (Visibility.PUBLIC, True, View.MASKED),
        (Visibility.MASKED, False, View.MASKED),
        (Visibility.MASKED, True, View.MASKED),
        (Visibility.PRIVATE, False, View.NONE),
        (Visibility.PRIVATE, True, View.NONE),
    ],
)
def test_what_is_guarded_is_whole_for_those_whom_it_concerns_only(in_progress, now, visibility, sensitive, outside):
    issue = guarded(in_progress, visibility, sensitive=sensitive)
    assert views(issue, now) == expected(View.WHOLE, outside)


def test_what_is_hidden_is_shown_to_triage_alone(in_progress, now):
    shown = views(guarded(in_progress, Visibility.HIDDEN), now)
    assert {person for person, view in shown.items() if view is not View.NONE} == {"P-0100", "local-shell"}


@pytest.mark.parametrize("state", ["resolved", "closed", "force_closed", "handed_over", "merged", "archived"])
@pytest.mark.parametrize("actor", [HELPER, OF_THE_UNIT], ids=lambda actor: actor.id)
def test_who_worked_on_it_sees_it_masked_once_the_work_is_over(in_progress, now, state, actor):
    issue = replace(guarded(in_progress, sensitive=True), state=domain.IssueState(state))
    assert domain.may_see(issue, actor, None, now) is View.MASKED
    assert domain.may_see(issue, RESIDENT, None, now) is View.WHOLE


def test_who_was_replaced_by_another_helper_sees_it_masked(in_progress, now):
    assert domain.may_see(guarded(in_progress, sensitive=True), FORMER, None, now) is View.MASKED


@pytest.mark.parametrize("who", [ADMINISTRATOR, TRIAGE], ids=lambda actor: actor.id)
@pytest.mark.parametrize(("viewer", "view"), [("R-1001", View.WHOLE), ("V-2002", View.WHOLE), ("R-1007", View.MASKED)])
def test_who_sees_everything_may_look_with_the_eyes_of_another_person(in_progress, now, who, viewer, view):
    assert domain.may_see(guarded(in_progress, sensitive=True), who, viewer, now) is view


def test_nobody_else_can_look_with_the_eyes_of_the_reporter(in_progress, now):
    assert domain.may_see(guarded(in_progress, sensitive=True), NEIGHBOUR, "R-1001", now) is View.MASKED


def test_on_behalf_of_a_person_an_administrator_sees_what_the_person_sees(in_progress, now):
    actor = replace(ADMINISTRATOR, on_behalf_of="R-1007")
    assert domain.may_see(guarded(in_progress, Visibility.PRIVATE), actor, None, now) is View.NONE


def test_a_proxy_sees_what_the_reporter_sees_while_the_record_holds(in_progress, now):
    proxy = domain.Proxy(
        person="R-1007",
        relation=domain.Relation.CHILD,
        consent="当面",
        set_by="P-0100",
        since=now,
        until=now + timedelta(days=30),
    )
    issue = replace(guarded(in_progress, Visibility.PRIVATE), proxies=(proxy,))
    assert domain.may_see(issue, NEIGHBOUR, None, now) is View.WHOLE
    assert domain.may_see(issue, NEIGHBOUR, None, now + timedelta(days=30)) is View.NONE


def test_the_original_of_a_redacted_photo_is_for_triage_and_those_at_work(in_progress):
    assert {actor.id for actor in EVERYBODY if domain.may_see_original(in_progress, actor, None)} == {
        "P-0100",
        "local-shell",
        "V-2002",
        "P-0009",
    }
    assert not domain.may_see_original(in_progress, ADMINISTRATOR, "R-1001")


def test_a_masked_issue_says_nothing_about_a_person_or_a_place(in_progress):
    words = replace(in_progress, text="李桂兰 13955501234 1203室", remark="还是没人来", sensitive=True)
    shown = schemas.issue_view(words, whole=False)
    assert shown["masked"] is True
    assert shown["title"] == "9栋一户居民"
    for word in ("李桂兰", "13955501234", "1203", "R-1001", "C01-G03-E07-B09", "V-2002", "bike_shed", "没人来", "wx-1"):
        assert word not in str(shown)


def test_a_masked_view_shows_no_field_that_nobody_has_named(in_progress):
    shown = set(schemas.issue_view(in_progress, whole=False)) - {"title", "masked"}
    assert shown == {
        "issue_id", "source", "sensitive", "reported_at", "state", "outcome", "round", "priority", "route",
        "request_type", "visibility", "first_due_at", "due_at", "next_due_at", "escalation_level", "resolved_at",
        "satisfaction", "closed_at", "revision", "forced", "end_reason", "public_reason",
    }  # fmt: skip


def test_a_changed_visibility_is_kept_with_its_reason_and_told_without_it(in_progress, now):
    issue, [fact] = domain.set_visibility(in_progress, Visibility.PRIVATE, reason="涉及邻里隐私", by="P-0100", now=now)
    assert (issue.visibility, issue.state) == (Visibility.PRIVATE, in_progress.state)
    [change] = issue.visibility_changes
    assert (change.visibility, change.reason, change.by, change.at) == (
        Visibility.PRIVATE,
        "涉及邻里隐私",
        "P-0100",
        now,
    )
    assert fact == IssueVisibilitySet(issue_id="IS-0101", visibility="private")


def test_the_same_visibility_again_changes_nothing_and_says_nothing(in_progress, now):
    assert domain.set_visibility(in_progress, Visibility.PUBLIC, reason="公开", by="P-0100", now=now) == (
        in_progress,
        (),
    )


def test_an_archived_issue_keeps_its_visibility(in_progress, now):
    archived = replace(in_progress, state=domain.IssueState.ARCHIVED)
    with pytest.raises(StateNotAllowed, match="archived"):
        domain.set_visibility(archived, Visibility.HIDDEN, reason="x", by="P-0100", now=now)


def test_only_triage_sets_the_visibility():
    domain.authorise(TRIAGE, "set_visibility")
    for actor in (OF_THE_UNIT, RESIDENT):
        with pytest.raises(Forbidden, match="administrator, triage"):
            domain.authorise(actor, "set_visibility")


@pytest.mark.parametrize(
    ("actor", "allowed"), [(RESIDENT, True), (ADMINISTRATOR, True), (TRIAGE, False), (HELPER, False)]
)
def test_who_looked_is_shown_to_the_reporter_and_administrators(in_progress, actor, allowed):
    if allowed:
        domain.check_may_read_log(in_progress, actor, actor.id)
    else:
        with pytest.raises(Forbidden, match="only the reporter"):
            domain.check_may_read_log(in_progress, actor, actor.id)


def test_a_look_names_who_in_which_roles_for_whom_and_what_they_saw(in_progress, now):
    look = domain.look("L-1", in_progress, ADMINISTRATOR, "R-1007", saw=domain.Saw.MASKED, call="get_issue", now=now)
    assert (look.issue_id, look.reporter_ref, look.at) == ("IS-0101", "R-1001", now)
    assert (look.by, look.roles, look.on_behalf_of) == ("local-shell", ("administrator",), "R-1007")
    assert (look.saw, look.call) == (domain.Saw.MASKED, "get_issue")


@pytest.mark.parametrize("visibility", [Visibility.MASKED, Visibility.PRIVATE, Visibility.HIDDEN])
def test_the_title_of_a_guarded_issue_says_only_that_a_household_needs_something(triaged, visibility):
    assert triaged.title == "振徽苑9栋非机动车棚"
    assert replace(triaged, visibility=visibility).title == "9栋一户居民"


@pytest.mark.parametrize(("visibility", "told"), [(Visibility.PUBLIC, True), (Visibility.MASKED, False)])
def test_the_plan_of_a_project_is_published_unless_the_issue_is_guarded(triaged, plan, estate, visibility, told):
    issue = replace(triaged, visibility=visibility)
    _, project, fact = domain.start_secretary_project([issue], plan, estate, triaged.reported_at)
    assert project.goal == "新增40个车位并配充电设施"
    assert fact.goal == (project.goal if told else "")
    assert [one.item for one in fact.acceptance] == ["A1", "A2", "A3"]
    assert all(bool(one.text) is told for one in fact.acceptance)
