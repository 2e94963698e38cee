"""Volunteers, their dispatch to where residents need help, and their hours."""
