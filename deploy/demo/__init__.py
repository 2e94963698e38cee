"""Story 1 on running services, to be watched: who does what, each event as it passes, what arrives."""

import shared.shell  # noqa: F401 -- before all else: it quiets what a person watching need not know
