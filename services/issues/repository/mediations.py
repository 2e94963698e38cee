"""Mediations as documents."""

from services.issues import domain
from shared.collection import Collection, Index
from shared.transaction import Transaction

mediations = Collection("mediations", domain.Mediation, key="mediation_id", indexes=[Index("parties.party_ref", "_id")])


def mediations_between(tx: Transaction, person: str) -> list[domain.Mediation]:
    """Load every mediation that this person is a party of."""
    return mediations.query(tx, {"parties.party_ref": person}, sort=[("_id", 1)])
