"""A service that hears the ledger."""

from dataclasses import replace

from shared.entrypoints import Service, subscribe
from shared.transaction import Transaction
from tests.support.toy import inbound, repository
from tests.support.toy.repository import Entry


class AuditService(Service):
    """Keeps what the ledger booked."""

    name = "audit"
    collections = (repository.entries,)

    @subscribe(inbound.AccountCredited)
    def on_account_credited(self, tx: Transaction, fact: inbound.AccountCredited) -> None:
        """Add one booking."""
        entry = repository.entries.find(tx, fact.account_id) or Entry(account_id=fact.account_id)
        sequence = tx.cause.sequence if tx.cause else 0
        entry = replace(entry, total=entry.total + fact.amount, sequences=(*entry.sequences, sequence))
        repository.entries.save(tx, entry)
