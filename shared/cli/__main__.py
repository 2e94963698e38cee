"""`python -m shared.cli`."""

from shared.cli.app import app

app(prog_name="linli")
