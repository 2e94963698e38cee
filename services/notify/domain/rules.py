"""Who is told what: one table from event type to recipients and templates, and how a fact fills a template."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta, timezone
from typing import Any

from services.notify.domain.contact import Language
from services.notify.domain.template import MissingPlaceholders, Template, missing
from services.notify.domain.texts import LABELS, TEMPLATES
from services.notify.domain.unit import OrgUnit
from shared.errors import Refusal
from shared.events import Inbound

WITHDRAWN = "withdrawn"  # whom issues names as reporter of what goes on without one
LOCAL = timezone(timedelta(hours=8))  # China has one time zone and no daylight saving


class NoRecipient(Refusal):
    """The fact does not say whom it concerns, so nobody can be told."""


@dataclass(frozen=True)
class Rule:
    """`to` names the field with the person or persons, or with the unit whose secretary is told.

    Of the templates the first that the fact fills is used.
    """

    to: str
    templates: tuple[str, ...]
    secretary: bool = False


RULES: Mapping[str, tuple[Rule, ...]] = {
    "deliberation.opened": (
        Rule("voter_refs", ("vote_invitation", "vote_invitation_undated", "vote_invitation_brief")),
    ),
    "deliberation.postponed": (Rule("voter_refs", ("vote_postponed", "vote_postponed_brief")),),
    "deliberation.withdrawn": (
        Rule("reporter_ref", ("topic_withdrawn", "topic_withdrawn_brief")),
        Rule("voter_refs", ("vote_withdrawn", "vote_withdrawn_brief")),
    ),
    "issue.triaged": (Rule("reporter_ref", ("issue_accepted", "issue_accepted_brief")),),
    "deliberation.passed": (Rule("reporter_ref", ("vote_passed", "vote_passed_brief")),),
    "deliberation.rejected": (Rule("reporter_ref", ("vote_rejected", "vote_rejected_brief")),),
    "deliberation.lapsed": (Rule("reporter_ref", ("vote_lapsed", "vote_lapsed_brief")),),
    "issue.resolved": (Rule("reporter_ref", ("confirm_request",)),),
    "issue.reopened": (Rule("reporter_ref", ("issue_reopened", "issue_reopened_brief")),),
    "issue.closed": (
        Rule("reporter_ref", ("issue_closed_rated", "issue_closed_rated_brief", "issue_closed", "issue_closed_brief")),
        Rule("supporter_refs", ("supported_issue_closed", "supported_issue_closed_brief")),
    ),
    "secretary_project.started": (Rule("leader_id", ("project_started", "project_started_brief")),),
    "secretary_project.returned": (Rule("leader_id", ("project_returned",)),),
    "secretary_project.accepted": (Rule("leader_id", ("project_accepted",)),),
    "secretary_project.cancelled": (
        Rule("leader_id", ("project_cancelled", "project_cancelled_brief")),
        Rule("member_refs", ("member_project_cancelled", "member_project_cancelled_brief")),
        Rule("reporter_refs", ("reporter_project_cancelled",)),
    ),
    "dispatch.offered": (Rule("person_id", ("dispatch_offered", "dispatch_offered_brief")),),
    "hours.credited": (Rule("person_id", ("hours_credited", "hours_credited_brief")),),
    "volunteer.qualified": (Rule("person_id", ("volunteer_qualified", "volunteer_qualified_brief")),),
    "learner.enrolled": (Rule("person_id", ("learner_enrolled", "learner_enrolled_brief")),),
    "learner.waitlisted": (Rule("person_id", ("learner_waitlisted", "learner_waitlisted_brief")),),
    "learner.promoted": (Rule("person_id", ("learner_promoted", "learner_promoted_brief")),),
    "enrollment.cancelled": (Rule("person_id", ("enrollment_cancelled", "enrollment_cancelled_brief")),),
    "enrollment.lapsed": (Rule("person_id", ("enrollment_lapsed", "enrollment_lapsed_brief")),),
    "issue.info_requested": (Rule("reporter_ref", ("info_requested",)),),
    "issue.rejected": (Rule("reporter_ref", ("issue_rejected",)),),
    "issue.merged": (Rule("reporter_ref", ("issue_merged",)),),
    "issue.dispatched": (
        Rule("handler_refs", ("dispatched_to_unit",)),
        Rule("reporter_ref", ("issue_dispatched", "issue_dispatched_brief")),
    ),
    "issue.arbitration_opened": (Rule("community_unit", ("arbitration_opened",), secretary=True),),
    "issue.approval_requested": (Rule("approver_refs", ("approval_requested",)),),
    "issue.approval_declined": (Rule("asked_by", ("approval_declined",)),),
    "issue.suspended": (Rule("reporter_ref", ("issue_suspended",)),),
    "issue.extended": (Rule("reporter_ref", ("issue_extended",)),),
    "issue.force_closed": (Rule("reporter_ref", ("issue_force_closed",)),),
    "issue.answer_reminded": (Rule("reporter_ref", ("answer_reminded",)),),
    "issue.durability_asked": (Rule("reporter_ref", ("durability_asked",)),),
    "issue.assigned": (Rule("org_unit_id", ("issue_assigned",), secretary=True),),
    "issue.escalated": (
        Rule("to_unit", ("escalated_to_unit",), secretary=True),
        Rule("reporter_ref", ("issue_escalated",)),
    ),
    "issue.handed_over": (
        Rule("from_unit", ("handed_over_from_unit",), secretary=True),
        Rule("reporter_ref", ("issue_handed_over",)),
    ),
}


def units_told(fact: Inbound) -> dict[str, str]:
    """Return the units whose secretary is told, by id, with the field that names each."""
    return {unit: rule.to for rule in RULES[fact.type] if rule.secretary and (unit := getattr(fact, rule.to))}


def units_named(fact: Inbound) -> dict[str, str]:
    """Return the units that a message may name, by id, with the field that names each."""
    return {
        unit: field.name
        for field in fields(fact)
        if field.name.endswith("_unit") and (unit := getattr(fact, field.name))
    }


def recipients(rule: Rule, fact: Inbound, units: Mapping[str, OrgUnit]) -> tuple[str, ...]:
    """Return the persons that the rule names, each once; nobody where the field is empty or no secretary is known.

    Nor is a reporter told who has withdrawn from an issue that goes on.
    """
    named = getattr(fact, rule.to)
    if rule.secretary:
        unit = units.get(named)
        named = unit and unit.secretary_id
    persons = named if isinstance(named, tuple) else (named,) if named else ()
    return tuple(dict.fromkeys(person for person in persons if person != WITHDRAWN))


def template_for(rule: Rule, params: Mapping[str, str]) -> Template:
    """Return the fullest template that the fact fills; raises MissingPlaceholders about the shortest one."""
    candidates = [TEMPLATES[name] for name in rule.templates]
    for template in candidates:
        if not missing(template, params):
            return template
    last = candidates[-1]
    raise MissingPlaceholders(f"{last.name} is not complete", template=last.name, missing=sorted(missing(last, params)))


def params_of(fact: Inbound, language: Language, units: Mapping[str, OrgUnit]) -> dict[str, str]:
    """Return the fields of the fact as texts for placeholders, a unit by its name; empty ones are absent."""
    values = {field.name: getattr(fact, field.name) for field in fields(fact)}
    named = {name: units[value].label for name, value in values.items() if value in units}
    return texts({**values, **named}, language)


def texts(values: Mapping[str, Any], language: Language) -> dict[str, str]:
    """Return values as texts for placeholders; empty ones are absent."""
    return {name: _text(value, language) for name, value in values.items() if value not in (None, "", ())}


def _text(value: Any, language: Language) -> str:
    """Write a value as people read it: one decimal for hours, local time to the minute, labels for codes."""
    match value:
        case float():
            return f"{value:.1f}"
        case datetime():
            return value.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M")
        case date():
            return value.isoformat()
        case tuple():
            return ("、" if language is Language.CHINESE else ", ").join(_text(item, language) for item in value)
        case _ if value in LABELS:
            return LABELS[value][language]
        case _:
            return str(value)
