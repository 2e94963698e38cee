"""`python -m deploy.contract` writes the contract; `--check` tells what differs from the code and changes nothing."""

import argparse
import difflib

from deploy.contract import files
from deploy.contract.catalogue import read_catalogue

SHOWN = 40  # lines of difference per file; enough to recognise the change


def main(arguments: list[str] | None = None) -> int:
    """Write or check, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m deploy.contract", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if anything differs")
    changes = files.changes(files.contract(read_catalogue()))
    if parser.parse_args(arguments).check:
        return _report(changes)
    for change in changes:
        change.write()
        print(f"{change.verb} {change.path}")
    print(f"the contract is up to date, {len(changes)} files changed")
    return 0


def _report(changes: list[files.Change]) -> int:
    for change in changes:
        lines = list(
            difflib.unified_diff(
                change.before.splitlines(),
                change.after.splitlines(),
                f"{change.path} (as committed)",
                f"{change.path} (as the code says)",
                lineterm="",
                n=1,
            )
        )
        print("\n".join(lines[:SHOWN]))
        if len(lines) > SHOWN:
            print(f"… and {len(lines) - SHOWN} more lines")
    if changes:
        print(f"\nthe contract differs from the code in: {', '.join(change.path for change in changes)}")
        print("run `make contract` and commit what it writes")
    return 1 if changes else 0
