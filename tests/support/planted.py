"""The database of issues with its indexes, its categories and the tree of the stories, and no process on it."""

from services.issues import domain, repository
from services.issues.service import cataloguing
from shared.store import Store
from tests.e2e.fixture import TREE
from tests.support.asking import settings_of
from tests.support.servers import Place

FIELDS = ("org_unit_id", "parent_id", "secretary_id", "place_zh")


def planted(place: Place) -> Store:
    """Make the database as it is once the service has started and heard of the tree."""
    store = Store("issues", settings_of(place))
    store.ensure_indexes(repository.COLLECTIONS)
    with store.transaction() as tx:
        cataloguing.load_defaults(tx)
        for unit in TREE:
            told = {name: unit[name] for name in FIELDS}
            repository.org_units.save(tx, domain.OrgUnit(**told, level=domain.Level(unit["level"]), tree_revision=1))
    return store
