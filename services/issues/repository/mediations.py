"""Mediations as documents."""

from services.issues import domain
from shared.collection import Collection

mediations = Collection("mediations", domain.Mediation, key="mediation_id")
