"""The categories in force: which version a report or triage gets, and how a table of them is taken over."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from services.issues.domain.categories import Category
from shared.errors import Refusal


class CategoryUnknown(Refusal):
    """There is no category under this code; the details name those there are."""


class CategoryRetired(Refusal):
    """The category is no longer used; the details name those that are."""


class VersionNotInForce(Refusal):
    """Another version of the category is in force; the details name it."""


class RetiredAndImported(Refusal):
    """A category is to be retired and stands in the table at once."""


@dataclass(frozen=True, kw_only=True)
class Import:
    """What a table means for the categories in force: codes by what happens to them, and the versions to be written."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    retired: tuple[str, ...]
    versions: tuple[Category, ...]


def check_codes(codes: Iterable[str], latest: Mapping[str, Category]) -> None:
    """Let only codes of categories pass, used or retired; raises CategoryUnknown."""
    if unknown := sorted(set(codes) - latest.keys()):
        raise CategoryUnknown(
            f"there is no category {', '.join(unknown)}", unknown=unknown, allowed=codes_in_force(latest)
        )


def newest(versions: Iterable[Category]) -> dict[str, Category]:
    """Return the last version of each code, active or not, by code."""
    return {one.code: one for one in sorted(versions, key=lambda one: (one.code, one.version))}


def codes_in_force(latest: Mapping[str, Category]) -> list[str]:
    """Name the categories that are used."""
    return [one.code for one in in_force(latest)]


def in_force(latest: Mapping[str, Category]) -> tuple[Category, ...]:
    """Return the categories that are used."""
    return tuple(one for one in latest.values() if one.active)


def choose(found: Category | None, code: str, version: int | None, codes: Callable[[], list[str]]) -> Category:
    """Return the version in force, where `found` is the last of the code; `codes` names the categories in use.

    Raises CategoryUnknown, CategoryRetired, VersionNotInForce, in that order.
    """
    if found is None:
        valid = codes()
        raise CategoryUnknown(f"there is no category {code}; there are {', '.join(valid)}", category=code, valid=valid)
    if not found.active:
        valid = codes()
        raise CategoryRetired(f"{code} is retired; in use are {', '.join(valid)}", category=code, valid=valid)
    if version is not None and version != found.version:
        what = "has been replaced" if version < found.version else "does not exist"
        raise VersionNotInForce(
            f"version {version} of {code} {what}; in force is {found.version}",
            category=code,
            category_version=version,
            valid=found.version,
        )
    return found


def plan_import(latest: Mapping[str, Category], rows: Collection[Category], retire: Collection[str]) -> Import:
    """Compare a table with what is in force; an equal row changes nothing, a code that is not in the table neither.

    Raises RetiredAndImported, CategoryUnknown for what is to be retired, in that order.
    """
    if both := sorted({row.code for row in rows} & set(retire)):
        raise RetiredAndImported(f"in the table and to be retired: {', '.join(both)}", categories=both)
    if unknown := sorted(code for code in retire if code not in latest):
        valid = codes_in_force(latest)
        raise CategoryUnknown(f"cannot be retired: {', '.join(unknown)}", categories=unknown, valid=valid)
    fresh = [row for row in rows if row.code not in latest or not row.says_the_same_as(latest[row.code])]
    gone = [replace(latest[code], active=False) for code in sorted(set(retire)) if latest[code].active]
    return Import(
        added=tuple(row.code for row in fresh if row.code not in latest),
        changed=tuple(row.code for row in fresh if row.code in latest),
        unchanged=tuple(row.code for row in rows if row not in fresh),
        retired=tuple(row.code for row in gone),
        versions=tuple(row.as_version(_last(latest, row.code) + 1) for row in (*fresh, *gone)),
    )


def _last(latest: Mapping[str, Category], code: str) -> int:
    return latest[code].version if code in latest else 0
