"""What the line counts and measures, under the names operators know from the runbook."""

from prometheus_client import Counter, Gauge, Histogram

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)

PROCESSED = Counter("bus_processed", "Events handled, by outcome", ["service", "handler", "type", "outcome"])
PROCESS_SECONDS = Histogram(
    "bus_process_duration_seconds", "Time of one batch", ["service", "handler"], buckets=BUCKETS
)
CRITICAL_SECONDS = Histogram(
    "bus_critical_time_seconds", "From the event's time to its effect", ["service", "handler"], buckets=BUCKETS
)
BATCH_EVENTS = Histogram(
    "bus_batch_events", "Events in one batch", ["service", "handler"], buckets=(1, 2, 5, 10, 20, 50, 100, 200, 500)
)
RETRIES = Counter("bus_retry", "Events sent to the retry ladder", ["service", "handler", "delay"])
PARKED = Counter("bus_parked", "Events parked", ["service", "handler", "reason"])
DUPLICATES = Counter("bus_inbox_duplicates", "Deliveries of an event handled before", ["service", "handler"])
COMMANDS = Counter("bus_commands", "Commands and questions answered, by outcome", ["service", "method", "outcome"])
COMMAND_SECONDS = Histogram("bus_command_duration_seconds", "Time of one call", ["service", "method"], buckets=BUCKETS)
PUBLISHED = Counter("bus_published", "Events the broker confirmed", ["service", "outcome"])
UNROUTABLE = Counter("bus_unroutable", "Events nobody had a queue for", ["service", "type"])
OUTBOX_PENDING = Gauge("bus_outbox_pending", "Events waiting to be published", ["service"])
OUTBOX_AGE = Gauge("bus_outbox_oldest_age_seconds", "Age of the oldest event waiting", ["service"])
RELAY_LEADER = Gauge("bus_outbox_relay_leader", "1 where this process publishes for the service", ["service"])
STALLED = Gauge("bus_consumer_stalled", "1 where a batch has been running for too long", ["service", "handler"])
PARTITIONS = Gauge("bus_partitions_active", "Partitions this process is given events of", ["service", "handler"])
PARTITIONS_LEFT = Counter("bus_partitions_left", "Partitions left to another replica", ["service", "handler"])
DRIFT = Gauge("bus_topology_drift", "Queues and bindings that differ from what is declared", ["service", "kind"])
DRAIN_SECONDS = Gauge("bus_drain_seconds", "How long the last stop took", ["service"])
