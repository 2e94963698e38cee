"""A message, and notify's rules on a real database with a gateway that says what a test wants."""

import dataclasses
import inspect
import json
import os
import uuid
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from services.notify import repository, sender, settings
from services.notify.channels import Message, providers
from services.notify.service import NotifyService
from shared import config
from shared.actor import LOCAL_ADMINISTRATOR
from shared.handling import Delivery, EventHandler
from shared.store import Store
from tests.support.announced import announced

T0 = datetime(2025, 3, 3, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def message():
    return Message(
        message_id="5f0e",
        key="5f0e:wechat",
        to="wx-1001",
        subject="【滨湖世纪社区】请您评价",
        text="【滨湖世纪社区】王小梅您好。",
        at=T0,
    )


class Notify:
    """Notify without a broker: events go in at the handler, facts are read from the outbox."""

    def __init__(self, store, clock_file):
        self.store, self.clock_file, self.service = store, clock_file, NotifyService()
        self.at(T0)

    def at(self, moment):
        self.clock_file.write_text(moment.isoformat())
        self.now = moment

    def command(self, name, /, **values):
        method = inspect.unwrap(getattr(NotifyService, name))
        takes = inspect.signature(method).parameters["request"].annotation
        with self.store.transaction(actor=LOCAL_ADMINISTRATOR) as tx:
            return method(self.service, tx, takes(**values))

    def ask(self, name, /, **values):
        method = inspect.unwrap(getattr(NotifyService, name))
        takes = inspect.signature(method).parameters["request"].annotation
        with self.store.reading(LOCAL_ADMINISTRATOR) as tx:
            return method(self.service, tx, takes(**values))

    def hear(self, kind, data, *, event_id=None, correlation="IS-0101", times=1):
        """Deliver an event to its handler and return the outcome of the last delivery."""
        name = "on_" + kind.replace(".", "_")
        method = inspect.unwrap(getattr(NotifyService, name))
        handler = EventHandler(store=self.store, name=name, takes=method.__annotations__["fact"])
        envelope = {
            "specversion": "1.0",
            "id": event_id or uuid.uuid4().hex,
            "source": handler.takes.source,
            "type": kind,
            "time": T0.isoformat(),
            "correlationid": correlation,
            "data": data,
        }
        for _ in range(times):
            delivery = Delivery(
                body=json.dumps(envelope).encode(),
                content_type="application/json",
                headers={},
                message_id=None,
                exchange=f"{handler.takes.source}.events",
                routing_key=kind,
            )
            handler.handle(partial(method, self.service), [delivery])
        return delivery.park_reason or delivery.outcome

    def send(self):
        """Send until nothing is due."""
        total = 0
        while taken := sender.run_once(self.store, self.now):
            total += taken
        return total

    def facts(self, kind):
        return announced(self.store.database, kind)

    def notifications(self):
        with self.store.reading(LOCAL_ADMINISTRATOR) as tx:
            return repository.notifications.query(tx, {})


@pytest.fixture
def notify(httpserver, monkeypatch, tmp_path):
    if "MONGODB_URI" not in os.environ:
        pytest.fail("no servers: run `make test`, or `python3 -m deploy.local exec -- pytest …` after `make up`")
    monkeypatch.setenv("CLOCK_FILE", str(tmp_path / "clock"))
    gateway = settings.Settings(gateway_url=httpserver.url_for("/"), smtp_url=None, smtp_from="a@example.org")
    found = providers(gateway)
    monkeypatch.setattr(sender, "configured", lambda: found)
    line = dataclasses.replace(config.settings(), database_prefix=f"test_{uuid.uuid4().hex[:12]}_")
    store = Store("notify", line)
    store.ensure_indexes(NotifyService.collections)
    yield Notify(store, tmp_path / "clock")
    store.client.drop_database(store.database.name)
    store.client.close()
    for provider in found.values():
        provider.session.close()
