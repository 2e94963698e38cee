"""From a fact to one notification per recipient, in the fact's own transaction (R1, N1)."""

from collections.abc import Mapping

from services.notify import domain, repository
from services.notify.domain import Cause, Language, OrgUnit, Template
from shared import outbox
from shared.errors import AlreadyHandled, RetryLater
from shared.events import Inbound
from shared.transaction import Transaction


def tell(tx: Transaction, fact: Inbound) -> None:
    """Write a message to everybody the rule table names for this fact.

    Raises NoRecipient; MissingPlaceholders, which parks the event; AlreadyHandled when every message exists;
    RetryLater where our copy of the tree lacks a unit.
    """
    cause = _cause(tx, fact)
    units = _units(tx, fact)
    params = {language: domain.params_of(fact, language, units) for language in Language}
    told = _told(fact, params[Language.CHINESE], units)
    messages = {domain.identify(cause.id, person, template.name): (person, template) for person, template in told}
    known = repository.notifications.find_many(tx, messages)
    contacts = repository.contacts.find_many(tx, [person for person, _ in told])
    if len(known) == len(messages):
        raise AlreadyHandled("everybody was told before", cause_event_id=cause.id)
    for person, template in (message for key, message in messages.items() if key not in known):
        contact = contacts.get(person)
        language = contact.language if contact else Language.CHINESE
        notification, facts = domain.compose(
            cause, template, params[language], person_ref=person, contact=contact, now=tx.now
        )
        repository.notifications.save(tx, notification)
        outbox.append(tx, *facts, correlation=cause.correlation_id)


def _told(fact: Inbound, params: Mapping[str, str], units: Mapping[str, OrgUnit]) -> tuple[tuple[str, Template], ...]:
    """Return whom each rule tells with which template; raises NoRecipient, MissingPlaceholders."""
    told = tuple(
        (person, domain.template_for(rule, params))
        for rule in domain.RULES[fact.type]
        for person in domain.recipients(rule, fact, units)
    )
    if not told:
        raise domain.NoRecipient("nobody is named as recipient", event_type=fact.type)
    return told


def _units(tx: Transaction, fact: Inbound) -> Mapping[str, OrgUnit]:
    """Load the units that the fact names and people are told about."""
    needed, named = domain.units_told(fact), domain.units_named(fact)
    found = repository.org_units.find_many(tx, {**needed, **named})
    if unknown := sorted(needed.keys() - found.keys()):
        raise RetryLater("the tree does not hold this unit yet", units=unknown)
    return found


def _cause(tx: Transaction, fact: Inbound) -> Cause:
    """Name the event, and the thread: its own, else the issue or course it is about, else the event itself."""
    if tx.cause is None:
        raise ValueError("facts arrive as events")
    issue_id = getattr(fact, "issue_id", None)
    thread = tx.cause.correlationid or issue_id or getattr(fact, "course_id", None) or tx.cause.id
    return Cause(id=tx.cause.id, correlation_id=thread, issue_id=issue_id)
