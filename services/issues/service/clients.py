"""Other systems that may report, and where buildings stand."""

import secrets
from typing import Any

from services.issues import domain, repository, schemas
from services.issues.domain import api_clients, places
from shared.actor import Actor
from shared.entrypoints import command, operation, query
from shared.transaction import Transaction

KEY_BYTES, SALT_BYTES = 32, 16  # of chance


class Clients:
    """Other systems that may report, and where buildings stand."""

    line: Any

    @operation(schemas.IssueApiKey)
    def issue_api_key(self, request: schemas.IssueApiKey, actor: Actor) -> dict[str, Any]:
        """Give a client its key, shown this once; no command, whose answer would be remembered with the key in it."""
        domain.authorise(actor, "issue_api_key")
        key, salt = secrets.token_urlsafe(KEY_BYTES), secrets.token_hex(SALT_BYTES)
        with self.line.store.transaction(actor=actor) as tx:
            known = repository.api_clients.find(tx, request.client)
            fresh = api_clients.issue_api_key(
                known, client=request.client, source=request.source, key=key, salt=salt, by=actor.id, now=tx.now
            )
            repository.api_clients.save(tx, fresh)
        return {**schemas.client_view(fresh), "api_key": key}

    @command(schemas.RevokeApiKey)
    def revoke_api_key(self, tx: Transaction, request: schemas.RevokeApiKey) -> dict[str, Any]:
        """Let a client's key open nothing any more."""
        domain.authorise(tx.actor, "revoke_api_key")
        client = api_clients.revoke_api_key(repository.api_clients.get(tx, request.client), tx.now)
        repository.api_clients.save(tx, client)
        return schemas.answer(schemas.client_view(client))

    @query(schemas.ListApiClients)
    def list_api_clients(self, tx: Transaction, request: schemas.ListApiClients) -> dict[str, Any]:
        """List the clients by name; of their keys we know nothing to show."""
        domain.authorise(tx.actor, "list_api_clients")
        found = repository.list_api_clients(tx, after=request.after, limit=request.limit + 1)
        page = found[: request.limit]
        return {
            "items": [schemas.client_view(one) for one in page],
            "next": page[-1].client if len(found) > len(page) else None,
        }

    @command(schemas.SetPlaces)
    def set_places(self, tx: Transaction, request: schemas.SetPlaces) -> dict[str, Any]:
        """Say where buildings of the tree stand."""
        domain.authorise(tx.actor, "set_places")
        ids = [one.org_unit_id for one in request.places]
        places.check_buildings(ids, repository.org_units.find_many(tx, ids))
        known = repository.places.find_many(tx, ids)
        for one in request.places:
            repository.places.save(tx, places.place(one.org_unit_id, one.point, known.get(one.org_unit_id)))
        return {"set": len(ids)}
