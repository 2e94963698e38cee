"""The order of an ordered subscription: what was announced first about a subject is handled first."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

from tests.fault.findings import Findings
from tests.fault.snapshot import Row


def announced_of(announced: Mapping[str, Row], kind: str) -> dict[str, list[int]]:
    """Return the sequences that were announced of each subject, in facts of one type."""
    sequences: dict[str, list[int]] = {}
    for event in announced.values():
        if event["type"] == kind:
            sequences.setdefault(event["subject"], []).append(int(event["sequence"]))
    return sequences


def check_all_there(
    announced: Mapping[str, Sequence[int]], handled: Mapping[str, Sequence[int]], findings: Findings
) -> None:
    """Each sequence that was announced was handled once."""
    due = {(subject, one): 1 for subject, sequences in announced.items() for one in sequences}
    findings.compare("sequence", due, Counter((subject, one) for subject in handled for one in handled[subject]))


def check_order(handled: Mapping[str, Sequence[int]], findings: Findings) -> None:
    """Within a subject the handler saw sequences rise."""
    for subject, sequences in handled.items():
        findings.disorder += [
            f"{subject}: {later} was handled after {earlier}"
            for earlier, later in pairwise(sequences)
            if later < earlier
        ]
