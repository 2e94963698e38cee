"""Counters of the academy's report, kept in the transaction of what they count."""

from dataclasses import dataclass, replace

from services.enrollment.domain.codes import Theme


@dataclass(frozen=True, kw_only=True)
class Tally:
    """Person-times (attendance documents, E6) and completions of one theme in one month (YYYY-MM)."""

    tally_id: str
    theme: Theme
    month: str
    person_times: int = 0
    completed: int = 0
    revision: int = 0

    def add(self, *, person_times: int = 0, completed: int = 0) -> "Tally":
        """Return the counters moved on."""
        return replace(self, person_times=self.person_times + person_times, completed=self.completed + completed)
