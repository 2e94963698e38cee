"""From a fact to one notification per recipient, in the fact's own transaction (R1, N1)."""

from services.notify import domain, repository
from services.notify.domain import Cause, Language
from shared import outbox
from shared.errors import AlreadyHandled
from shared.events import Inbound
from shared.transaction import Transaction


def tell(tx: Transaction, fact: Inbound) -> None:
    """Write a message to everybody the rule table names for this fact.

    Raises NoRecipient; MissingPlaceholders, which parks the event; AlreadyHandled when every message exists.
    """
    cause = _cause(tx, fact)
    template = domain.template_for(fact)
    params = {language: domain.params_of(fact, language) for language in Language}
    persons = domain.recipients(fact)
    ids = {person: domain.identify(cause.id, person, template.name) for person in persons}
    known = repository.notifications.find_many(tx, ids.values())
    contacts = repository.contacts.find_many(tx, persons)
    if len(known) == len(ids):
        raise AlreadyHandled("everybody was told before", cause_event_id=cause.id, template=template.name)
    for person in (person for person in persons if ids[person] not in known):
        contact = contacts.get(person)
        language = contact.language if contact else Language.CHINESE
        notification, facts = domain.compose(
            cause, template, params[language], person_ref=person, contact=contact, now=tx.now
        )
        repository.notifications.save(tx, notification)
        outbox.append(tx, *facts, correlation=cause.correlation_id)


def _cause(tx: Transaction, fact: Inbound) -> Cause:
    """Name the event, and the thread: its own, else the issue or course it is about, else the event itself."""
    if tx.cause is None:
        raise ValueError("facts arrive as events")
    issue_id = getattr(fact, "issue_id", None)
    thread = tx.cause.correlationid or issue_id or getattr(fact, "course_id", None) or tx.cause.id
    return Cause(id=tx.cause.id, correlation_id=thread, issue_id=issue_id)
