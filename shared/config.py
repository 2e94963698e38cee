"""Settings of a service process, read once from the environment."""

import uuid
from dataclasses import dataclass
from functools import cache

from environs import Env


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What an operator may set; seconds where a field ends in `_seconds`."""

    amqp_uri: str
    mongodb_uri: str
    database_prefix: str
    http_address: str
    api_address: str | None
    log_level: str
    community: str
    auth_key: str | None
    max_workers: int
    batch_size: int
    heartbeat_seconds: int
    drain_seconds: float
    command_seconds: float
    event_seconds: float
    tick_seconds: float
    silence_seconds: float
    stalled_seconds: float
    relay: bool
    extra_sources: dict[str, list[str]]
    topology_file: str
    instance: str


@cache
def settings() -> Settings:
    """Read the environment; every default suits one machine."""
    env = Env()
    return Settings(
        amqp_uri=env.str("AMQP_URI", "amqp://guest:guest@127.0.0.1:5672/"),
        mongodb_uri=env.str("MONGODB_URI", "mongodb://127.0.0.1:27017/?replicaSet=rs0"),
        database_prefix=env.str("DATABASE_PREFIX", "linli_"),
        http_address=env.str("HTTP_ADDRESS", "127.0.0.1:0"),
        api_address=env.str("API_ADDRESS", None) or None,
        log_level=env.str("LOG_LEVEL", "INFO").upper(),
        community=env.str("COMMUNITY", "C01"),
        auth_key=env.str("AUTH_KEY", None) or None,
        max_workers=env.int("MAX_WORKERS", 20),
        batch_size=env.int("BATCH_SIZE", 400),
        heartbeat_seconds=env.int("HEARTBEAT_SECONDS", 10),
        drain_seconds=env.float("DRAIN_SECONDS", 25.0),
        command_seconds=env.float("COMMAND_SECONDS", 8.0),
        event_seconds=env.float("EVENT_SECONDS", 10.0),
        tick_seconds=env.float("TICK_SECONDS", 1.0),
        silence_seconds=env.float("SILENCE_SECONDS", 15.0),
        stalled_seconds=env.float("STALLED_SECONDS", 60.0),
        relay=env.bool("RELAY", True),
        extra_sources=dict(env.json("EXTRA_SOURCES", {})),
        topology_file=env.str("TOPOLOGY_FILE", "deploy/topology.json"),
        instance=env.str("INSTANCE", "") or uuid.uuid4().hex[:12],
    )
