"""Story 1 on running services, to be watched: who does what, each event as it passes, what arrives."""
