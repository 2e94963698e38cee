"""The training academy: courses, seats, attendance, completion."""
