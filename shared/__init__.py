"""The line from a command to its last effect, shared by all services."""
