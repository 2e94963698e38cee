"""From a fact to one notification per recipient, in the fact's own transaction (R1, N1)."""

from collections.abc import Iterable, Mapping

from services.notify import domain, repository
from services.notify.domain import Cause, Language, OrgUnit, Rule, Template
from shared import outbox
from shared.errors import AlreadyHandled, RetryLater
from shared.events import Inbound
from shared.transaction import Transaction


def tell(tx: Transaction, fact: Inbound) -> None:
    """Write a message to every person whom the fact names, as the rule table says.

    Raises NoRecipient; MissingPlaceholders, which parks the event; AlreadyHandled when every message exists.
    """
    _write(tx, fact, repository.org_units.find_many(tx, domain.units_named(fact)), secretary=False)


def tell_secretary(tx: Transaction, fact: Inbound) -> None:
    """Write a message to the secretary of the unit; a subscription of its own, so that nobody else waits for the tree.

    Raises what `tell` raises, and RetryLater where our copy of the tree lacks the unit.
    """
    told, named = domain.units_told(fact), domain.units_named(fact)
    units = repository.org_units.find_many(tx, {**told, **named})
    if unknown := sorted(told.keys() - units.keys()):
        raise RetryLater("the tree does not hold this unit yet", units=unknown)
    _write(tx, fact, units, secretary=True)


def _write(tx: Transaction, fact: Inbound, units: Mapping[str, OrgUnit], *, secretary: bool) -> None:
    """Write the messages of the rules about secretaries, or of the others."""
    cause = _cause(tx, fact)
    params = {language: domain.params_of(fact, language, units) for language in Language}
    rules = [rule for rule in domain.RULES[fact.type] if rule.secretary is secretary]
    told = _told(fact, rules, params[Language.CHINESE], units)
    messages = {domain.identify(cause.id, one, template.name): (one, template) for one, template in told.items()}
    known = repository.notifications.find_many(tx, messages)
    contacts = repository.contacts.find_many(tx, told)
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


def _told(
    fact: Inbound, rules: Iterable[Rule], params: Mapping[str, str], units: Mapping[str, OrgUnit]
) -> dict[str, Template]:
    """Return who is told with which template, each by the first rule that names them.

    Raises NoRecipient, MissingPlaceholders.
    """
    told: dict[str, Template] = {}
    for rule in rules:
        for person in domain.recipients(rule, fact, units):
            told.setdefault(person, domain.template_for(rule, params))
    if not told:
        raise domain.NoRecipient("nobody is named as recipient", event_type=fact.type)
    return told


def _cause(tx: Transaction, fact: Inbound) -> Cause:
    """Name the event, and the thread: its own, else the issue or course it is about, else the event itself."""
    if tx.cause is None:
        raise ValueError("facts arrive as events")
    issue_id = getattr(fact, "issue_id", None)
    thread = tx.cause.correlationid or issue_id or getattr(fact, "course_id", None) or tx.cause.id
    return Cause(id=tx.cause.id, correlation_id=thread, issue_id=issue_id)
