"""The same handler on other packages, each as its own documentation writes and starts it (docs/benchmarks.md).

Run as a program, a module sends what it reads, an event a line, through the peer's own client.
"""
