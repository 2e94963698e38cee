"""Story 1, act by act: from a resident's report to the credited hours."""

from datetime import timedelta
from typing import Any

from deploy.demo.fixture import (
    ACCEPTOR,
    BUILDING,
    HOURS,
    LEADER,
    NAMES,
    REGISTRATIONS,
    RESIDENT,
    ROLL_SIZE,
    TREE,
    VOLUNTEERS,
    contacts,
    roll,
    votes,
)
from deploy.demo.stage import Stage, is_invitation
from shared import clock
from shared.errors import NotFound
from shared.shell.client import Ask

TEXT = "9栋门口电动车乱停、飞线充电"
GOAL = "新增40个车位并配充电设施"
ACCEPTANCE = (("A1", "车位不少于40个"), ("A2", "充电口不少于40个"), ("A3", "消防设施到位"))
DAYS = 30  # until the project is due
AT_ONCE = 20  # votes on their way together


def prepare(stage: Stage) -> dict[str, float]:
    """Bring in tree, contacts and volunteers; return the hours each has before."""
    stage.screen.act("准备:组织树、联系方式、志愿者", "The tree, everybody's contacts and six volunteers come in.")
    changed = stage.call("volunteer", "import_org_tree", units=TREE)["changed"]
    stage.call("notify", "set_contacts", contacts=contacts())
    cards = {one["volunteer_id"]: _card(stage, one) for one in REGISTRATIONS}
    fresh = sum(card is None for card in cards.values())
    stage.watch.until(
        lambda: _passed(stage, "org_unit.updated") >= changed and _passed(stage, "volunteer.registered") >= fresh,
        f"{changed} × org_unit.updated and {fresh} × volunteer.registered",
        "make logs SERVICE=volunteer",
    )
    return {one["volunteer_id"]: cards[one["volunteer_id"]] or one["opening_hours"] for one in REGISTRATIONS}


def _card(stage: Stage, registration: dict[str, Any]) -> float | None:
    """Return the hours of a volunteer, or None after registering one who was not there."""
    try:
        return float(stage.call("volunteer", "volunteer_card", registration["volunteer_id"])["total_hours"])
    except NotFound:
        stage.call("volunteer", "register", **registration)
        return None


def _passed(stage: Stage, kind: str) -> int:
    return len(stage.watch.of(kind))


def report(stage: Stage) -> None:
    """Let the resident report, as soon as issues knows the building."""
    stage.act(
        RESIDENT, f"反映问题:“{TEXT}”", "reports bikes that block the door of building 9 and charge from loose wires."
    )
    stage.watch.until(lambda: _reported(stage), f"issues to know building {BUILDING}", "make logs SERVICE=issues")
    stage.expect("make logs SERVICE=issues", issue__reported=1)


def _reported(stage: Stage) -> bool:
    try:
        issue = stage.call("issues", "report_issue", reporter=RESIDENT, building_id=BUILDING, text=TEXT)
    except NotFound:
        return False
    stage.issue_id = issue["issue_id"]
    return True


def triage(stage: Stage) -> None:
    """Let the building's secretary sort the report."""
    stage.act(
        "P-0009", "研判:非机动车棚、飞线充电隐患,走协商议事", "sorts it: bike shed, fire hazard, to be deliberated."
    )
    stage.call("issues", "triage", stage.issue_id, category="bike_shed", hazard="flying_wire_charging")
    stage.expect("make logs SERVICE=issues", issue__triaged=1, hazard__flagged=1)


def deliberate(stage: Stage) -> None:
    """Let the owners be invited, vote, and the votes be counted."""
    stage.act(
        "P-0009", f"启动协商议事,邀请{ROLL_SIZE}户业主", f"opens the deliberation; {ROLL_SIZE} owners are invited."
    )
    topic = f"{GOAL}?"
    opened = stage.call("issues", "open_deliberation", stage.issue_id, rule="owners_special", topic=topic, roll=roll())
    stage.expect("make logs SERVICE=issues", deliberation__opened=1)
    _await_invitations(stage)
    cast = votes()
    agreed = sum(choice == "for" for _, choice in cast)
    stage.screen.act(f"{len(cast)}户业主投票,{agreed}户同意", f"{len(cast)} owners vote, {agreed} of them in favour.")
    _vote(stage, opened["deliberation_id"], cast)
    stage.call("issues", "close_vote", opened["deliberation_id"])
    stage.expect("make logs SERVICE=issues", deliberation__passed=1)


def _await_invitations(stage: Stage) -> None:
    def arrived() -> int:
        ours = stage.watch.of("notification.delivered", stage.issue_id)
        done = sum(is_invitation(event) for event in ours)
        counter.show(done)
        return done

    with stage.screen.counting("邀请已送达 invitations delivered", ROLL_SIZE) as counter:
        stage.watch.until(
            lambda: arrived() >= ROLL_SIZE, f"{ROLL_SIZE} invitations delivered", "make logs SERVICE=notify"
        )
    stage.screen.note(f"{ROLL_SIZE} × notification.delivered 通知已送达 (invitations to vote)")


def _vote(stage: Stage, deliberation_id: str, cast: list[tuple[str, str]]) -> None:
    with stage.screen.counting("投票 votes", len(cast)) as counter:
        for first in range(0, len(cast), AT_ONCE):
            stage.call_all(
                [
                    Ask(service="issues", method="cast_vote", args=(deliberation_id, person, choice))
                    for person, choice in cast[first : first + AT_ONCE]
                ]
            )
            counter.show(first + AT_ONCE)


def start_project(stage: Stage) -> str:
    """Let the estate's secretary take the problem on."""
    stage.act(LEADER, f"领办书记项目:{GOAL}", "takes it on as secretary's project: 40 places with charging points.")
    project = stage.call(
        "issues",
        "start_secretary_project",
        stage.issue_id,
        leader=LEADER,
        goal=GOAL,
        deadline=(clock.now() + timedelta(days=DAYS)).date(),
        acceptance=[{"item": item, "text": text} for item, text in ACCEPTANCE],
    )
    stage.expect("make logs SERVICE=issues", secretary_project__started=1)
    return str(project["project_id"])


def call_for_help(stage: Stage) -> str:
    """Let the leader ask for two volunteers; those who are asked accept."""
    stage.act(LEADER, "请求2名志愿者,党员与群众结对(双带)", "asks for two volunteers, a Party member and a non-member.")
    wanted = {"needed": 2, "hours_estimate": HOURS, "scope": "building", "lead_rule": "dual_lead"}
    stage.call("issues", "request_help", stage.issue_id, qualification_policy="preferred", **wanted)
    stage.expect("make logs SERVICE=volunteer", issue__help_requested=1, dispatch__offered=2)
    offers = stage.watch.of("dispatch.offered", stage.issue_id)
    dispatch_id = str(offers[0]["subject"])
    for number, volunteer in enumerate((offer["data"]["volunteer_id"] for offer in offers), 1):
        stage.received(volunteer, "dispatch_offered")
        stage.act(volunteer, f"接受任务{dispatch_id}", f"accepts {dispatch_id}.")
        stage.call("volunteer", "respond_dispatch", dispatch_id, volunteer, accept=True)
        stage.expect("make logs SERVICE=volunteer", dispatch__accepted=number)
    stage.expect("make logs SERVICE=volunteer", dispatch__filled=1)
    stage.watch.until(
        lambda: stage.call("issues", "get_issue", stage.issue_id)["state"] == "in_progress",
        f"{stage.issue_id} to be in progress",
        "make logs SERVICE=issues",
    )
    return dispatch_id


def finish(stage: Stage, dispatch_id: str, project_id: str) -> None:
    """Let the volunteers serve, the project be accepted, and the resident answer."""
    names = "、".join(NAMES[person] for person in VOLUNTEERS)
    stage.act(VOLUNTEERS[0], f"与同伴完成服务,各{HOURS}小时({names})", f"and the other have served {HOURS} h each.")
    stage.call("volunteer", "complete_dispatch", dispatch_id, dict.fromkeys(VOLUNTEERS, HOURS))
    stage.expect("make logs SERVICE=volunteer", dispatch__completed=1)
    stage.act(ACCEPTOR, "验收书记项目,三项全部达标", "accepts the project: all three items are met.")
    findings = [{"item": item, "met": True} for item, _ in ACCEPTANCE]
    stage.call("issues", "accept_project", project_id, findings, by=ACCEPTOR)
    stage.expect("make logs SERVICE=issues", secretary_project__accepted=1, issue__resolved=1)
    stage.received(RESIDENT, "confirm_request")
    stage.act(RESIDENT, "评价5分:满意,事项结案", "answers 5 of 5: only now is the case closed and do the hours count.")
    stage.call("issues", "confirm", stage.issue_id, satisfaction=5)
    stage.expect("make logs SERVICE=volunteer", issue__confirmed=1, issue__closed=1, hours__credited=2)
    stage.expect("make logs SERVICE=notify", notification__delivered=ROLL_SIZE + 10)
