"""The nameko shell, logged in as administrator: `n.rpc.<service>.<method>(…)`, `n.dispatch_event(…)`, and the bus at a glance."""
