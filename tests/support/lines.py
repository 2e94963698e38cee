"""Lines of figures that tests leave, shown at the end of the session."""

LINES: list[str] = []  # one for each run
