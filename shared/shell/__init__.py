"""The nameko shell, logged in as administrator: `n.rpc.…`, `n.dispatch_event(…)`, and the bus at a glance."""

import warnings

warnings.filterwarnings("ignore", r"\s*Eventlet is deprecated")  # known; what people type has nothing to do with it
