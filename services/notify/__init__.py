"""Reaching people: one message per cause, person and template, over the channel that works."""
