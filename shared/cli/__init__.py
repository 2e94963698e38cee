"""The command line of the bus, for people and, with `--json`, for machines."""
