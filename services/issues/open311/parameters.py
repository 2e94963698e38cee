"""What callers send as texts, checked: one sentence for each parameter that is not as it should be."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from services.issues.domain.places import Point
from services.issues.open311 import gcj02
from shared.errors import InvalidInput, NotFound
from shared.http import Values

WGS84, GCJ02 = "wgs84", "gcj02"
TRUE, FALSE = "true", "false"


class Parameters:
    """The parameters of one request; one that is empty counts as absent, as the specification says."""

    def __init__(self, values: Values) -> None:
        self._values = values

    def text(self, name: str) -> str | None:
        """Return the value of a parameter, None where there is none; raises InvalidInput for text that is not UTF-8."""
        value = next((one.strip() for one in self._values.get(name, ()) if one.strip()), None)
        if value is not None and "\ufffd" in value:
            raise wrong(name, "must be UTF-8")
        return value

    def required(self, name: str) -> str:
        """Return the value of a parameter that must be there; raises InvalidInput."""
        value = self.text(name)
        if value is None:
            raise wrong(name, "was not provided")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """Return the values of a parameter that may come several times, or once with commas; each once."""
        every = (one.strip() for value in self._values.get(name, ()) for one in value.split(","))
        return tuple(dict.fromkeys(one for one in every if one))

    def choices(self, name: str, allowed: Iterable[str]) -> tuple[str, ...]:
        """Return the values of a list, each of which must be an allowed one; raises InvalidInput."""
        allowed, given = tuple(allowed), self.texts(name)
        if unknown := [one for one in given if one not in allowed]:
            raise wrong(name, f"{', '.join(unknown)} is not one of {', '.join(allowed)}")
        return given

    def flag(self, name: str) -> bool:
        """Return whether a parameter says true; raises InvalidInput."""
        return self.choices(name, (TRUE, FALSE))[:1] == (TRUE,)

    def whole(self, name: str, default: int, most: int) -> int:
        """Return a whole number from 1; raises InvalidInput."""
        value = self.text(name)
        if value is None:
            return default
        if not (value.isascii() and value.isdigit() and len(value) < 10 and 1 <= int(value) <= most):
            raise wrong(name, f"must be a whole number from 1 to {most}")
        return int(value)

    def moment(self, name: str) -> datetime | None:
        """Return a date-time of the W3C's note, which has a zone; raises InvalidInput."""
        value = self.text(name)
        if value is None:
            return None
        try:
            moment = datetime.fromisoformat(value)
            reachable = 1900 < moment.year < 2999
        except ValueError:
            moment, reachable = datetime.min, False
        if moment.tzinfo is None or not reachable:
            raise wrong(name, "must be a date-time with zone, such as 2025-03-03T09:00:00Z (a + is sent as %2B)")
        return moment

    def point(self) -> Point | None:
        """Return the point that lat and long name together, as WGS-84; raises InvalidInput."""
        given = {"lat": self._degrees("lat", 90), "long": self._degrees("long", 180)}
        missing = [name for name, value in given.items() if value is None]
        if len(missing) == len(given):
            return None
        if missing:
            raise wrong(missing[0], "was not provided; lat and long are sent together")
        point = Point(lat=given["lat"] or 0.0, long=given["long"] or 0.0)
        system = self.choices("coordinate_system", (WGS84, GCJ02))
        return gcj02.to_wgs84(point) if system[:1] == (GCJ02,) else point

    def _degrees(self, name: str, most: int) -> float | None:
        value = self.text(name)
        if value is None:
            return None
        try:
            degrees = float(value)
        except ValueError:
            degrees = float("nan")
        if not -most <= degrees <= most:
            raise wrong(name, f"must be a number from -{most} to {most}")
        return degrees

    def attributes(self) -> Mapping[str, tuple[str, ...]]:
        """Return the answers: attribute[code]=…, or attribute[code][]=… several times."""
        found: dict[str, tuple[str, ...]] = {}
        for name, values in self._values.items():
            if name.startswith("attribute[") and name.removesuffix("[]").endswith("]"):
                code = name.removesuffix("[]").removeprefix("attribute[").removesuffix("]")
                given = tuple(value.strip() for value in values if value.strip())
                found[code] = (*found.get(code, ()), *given)
        return {code: given for code, given in found.items() if given}

    def check_jurisdiction(self, ours: str) -> None:
        """Refuse what is meant for somebody else; raises NotFound."""
        asked = self.text("jurisdiction_id")
        if asked not in (None, ours):
            raise NotFound(f"jurisdiction_id {asked} was not found; this is {ours}")


def wrong(name: str, words: str) -> InvalidInput:
    """Say what is wrong with one parameter."""
    return InvalidInput(f"{name} {words}", fields={name: [words]})
