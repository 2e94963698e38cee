"""Everything on one machine: finds or installs what is missing, starts it on private ports, stops it again.

Only the standard library: it runs before the virtual environment exists. Start it from the repository root:
`python3 -m deploy.local --help`, or through the Makefile.
"""
