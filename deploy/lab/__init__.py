"""The compose file on a real engine, on a machine that may have none.

An engine that answers is used; else one is made in a network namespace and a directory of its own, with stand-ins built
from Debian's packages for the images that no registry is there to give. Only the standard library, and `deploy.local`.
Start it from the repository root: `python3 -m deploy.lab test`.
"""
