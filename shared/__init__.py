"""The line from a command to its last effect, shared by all services; the only part that knows nameko and eventlet."""

import warnings

# Known (docs/architecture.md, what survives a change of framework), and no news for who opens the shell or the demo.
warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
