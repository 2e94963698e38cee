"""Who is told what: one table from event type to recipients and templates, and how a fact fills a template."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta, timezone
from typing import Any

from services.notify.domain.contact import Language
from services.notify.domain.template import MissingPlaceholders, Template, missing
from services.notify.domain.texts import LABELS, TEMPLATES
from shared.errors import Refusal
from shared.events import Inbound

LOCAL = timezone(timedelta(hours=8))  # China has one time zone and no daylight saving


class NoRecipient(Refusal):
    """The fact does not say whom it concerns, so nobody can be told."""


@dataclass(frozen=True)
class Rule:
    """`to` names the field with the person or persons; of the templates the first that the fact fills is used."""

    to: str
    templates: tuple[str, ...]


RULES: Mapping[str, Rule] = {
    "deliberation.opened": Rule("voter_refs", ("vote_invitation", "vote_invitation_undated", "vote_invitation_brief")),
    "issue.triaged": Rule("reporter_ref", ("issue_accepted", "issue_accepted_brief")),
    "deliberation.passed": Rule("reporter_ref", ("vote_passed", "vote_passed_brief")),
    "deliberation.rejected": Rule("reporter_ref", ("vote_rejected", "vote_rejected_brief")),
    "deliberation.lapsed": Rule("reporter_ref", ("vote_lapsed", "vote_lapsed_brief")),
    "issue.resolved": Rule("reporter_ref", ("confirm_request",)),
    "issue.reopened": Rule("reporter_ref", ("issue_reopened", "issue_reopened_brief")),
    "issue.closed": Rule(
        "reporter_ref", ("issue_closed_rated", "issue_closed_rated_brief", "issue_closed", "issue_closed_brief")
    ),
    "secretary_project.started": Rule("leader_id", ("project_started", "project_started_brief")),
    "secretary_project.returned": Rule("leader_id", ("project_returned",)),
    "secretary_project.accepted": Rule("leader_id", ("project_accepted",)),
    "dispatch.offered": Rule("person_id", ("dispatch_offered", "dispatch_offered_brief")),
    "hours.credited": Rule("person_id", ("hours_credited", "hours_credited_brief")),
    "volunteer.qualified": Rule("person_id", ("volunteer_qualified", "volunteer_qualified_brief")),
    "learner.enrolled": Rule("person_id", ("learner_enrolled", "learner_enrolled_brief")),
    "learner.waitlisted": Rule("person_id", ("learner_waitlisted", "learner_waitlisted_brief")),
    "learner.promoted": Rule("person_id", ("learner_promoted", "learner_promoted_brief")),
    "enrollment.cancelled": Rule("person_id", ("enrollment_cancelled", "enrollment_cancelled_brief")),
    "enrollment.lapsed": Rule("person_id", ("enrollment_lapsed", "enrollment_lapsed_brief")),
}


def recipients(fact: Inbound) -> tuple[str, ...]:
    """Return the persons to tell, each once; raises NoRecipient."""
    named = getattr(fact, RULES[fact.type].to)
    persons = tuple(dict.fromkeys(named if isinstance(named, tuple) else (named,) if named else ()))
    if not persons:
        raise NoRecipient("nobody is named as recipient", event_type=fact.type, field=RULES[fact.type].to)
    return persons


def template_for(fact: Inbound) -> Template:
    """Return the fullest template that the fact fills; raises MissingPlaceholders about the shortest one."""
    params = params_of(fact, Language.CHINESE)
    candidates = [TEMPLATES[name] for name in RULES[fact.type].templates]
    for template in candidates:
        if not missing(template, params):
            return template
    last = candidates[-1]
    raise MissingPlaceholders(f"{last.name} is not complete", template=last.name, missing=sorted(missing(last, params)))


def params_of(fact: Inbound, language: Language) -> dict[str, str]:
    """Return the fields of the fact as texts for placeholders; empty ones are absent."""
    values = {field.name: getattr(fact, field.name) for field in fields(fact)}
    return texts(values, language)


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
