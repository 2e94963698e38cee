"""The nameko shell, logged in as administrator: `n.rpc.…`, `n.dispatch_event(…)`, and the bus at a glance."""
