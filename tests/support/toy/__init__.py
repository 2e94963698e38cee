"""A small service on our line, with the file names of a real one: accounts a bank pays into, and an audit.

Its handlers do what an event's `behaviour` says (`behaviour.py`), so that a test can provoke every fault from outside.
"""
