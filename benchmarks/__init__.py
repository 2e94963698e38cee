"""How fast the line is, against real packages on the same servers in the same run, and what each guarantees.

`make bench` runs all of it, `make bench QUICK=1` a short version. A figure is a ratio within one run on one machine;
the absolute numbers of a shared machine mean little. Nothing here ever fails a build for a bad figure.
"""
