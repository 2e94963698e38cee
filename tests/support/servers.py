"""The servers tests run on, and a virtual host and database names of their own for each test."""

import os
import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import pymongo
import requests


@dataclass(frozen=True, kw_only=True)
class Place:
    """One test's own virtual host and database prefix."""

    amqp_uri: str
    mongodb_uri: str
    prefix: str
    vhost: str
    management_uri: str

    @classmethod
    def make(cls) -> "Place":
        """Make a fresh virtual host on the servers named in the environment."""
        name = f"t{uuid.uuid4().hex[:10]}"
        servers = [urlsplit(server) for server in os.environ["AMQP_URI"].split(";")]
        place = cls(
            amqp_uri=";".join(urlunsplit(server._replace(path=f"/{name}")) for server in servers),
            mongodb_uri=os.environ["MONGODB_URI"],
            prefix=f"{name}_",
            vhost=name,
            management_uri=os.environ["RABBITMQ_MANAGEMENT_URI"],
        )
        place.api("PUT", f"vhosts/{name}")
        user = quote(servers[0].username or "")
        place.api("PUT", f"permissions/{name}/{user}", configure=".*", write=".*", read=".*")
        return place

    def remove(self) -> None:
        """Remove the virtual host and the databases."""
        self.api("DELETE", f"vhosts/{self.vhost}")
        with pymongo.MongoClient[dict[str, Any]](self.mongodb_uri) as client:
            for database in client.list_database_names():
                if database.startswith(self.prefix):
                    client.drop_database(database)

    def api(self, method: str, path: str, **body: Any) -> Any:
        """Call RabbitMQ's management interface."""
        answer = requests.request(method, f"{self.management_uri}/api/{path}", json=body or None, timeout=10)
        answer.raise_for_status()
        return answer.json() if answer.text else None

    def queue(self, name: str) -> Any:
        """Return what the broker knows of a queue."""
        return self.api("GET", f"queues/{self.vhost}/{name}")

    def connections(self) -> list[Any]:
        """Return the open connections into this virtual host."""
        return [one for one in self.api("GET", "connections") if one.get("vhost") == self.vhost]
