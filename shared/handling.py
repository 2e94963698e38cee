"""From a message to its effect, without a framework: one command, or one batch of events.

A batch is one transaction. If anything in it fails, it is rolled back and its halves run, and so on, until the event
that fails is alone: a poison event hurts nobody else, and costs a few transactions. What each outcome leads to:

| outcome | effect |
|---|---|
| done, duplicate, already handled, refused | acknowledged |
| conflict, fact that must come first | three tries at once, then the retry ladder, then parked |
| database away | held, tried again until it is back; nothing is counted |
| undecodable, invalid, unknown type or version, defect | parked at once with raw bytes and reason |
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, cast

import pymongo
from greenlet import GreenletExit

from shared import clock, logs
from shared.actor import Actor
from shared.cloudevents import CloudEvent, decode
from shared.errors import AlreadyHandled, Conflict, InvalidInput, LinliError, Refusal, Unavailable
from shared.events import Inbound
from shared.inbox import BUSINESS_DUPLICATE, DONE, DUPLICATE, Inbox, Mark
from shared.mongo import IMMEDIATE_RETRIES
from shared.rehearsing import load_ahead
from shared.schemas import load
from shared.store import Store
from shared.transaction import CannotUndoStep, Step, Transaction

log = logs.get(__name__)
LONGEST_HOLD = 2.0  # seconds between tries while the database is away
VERSION = "1"
Rule = Callable[[Transaction, Any], None]
Preload = Callable[[Transaction, Sequence[Any]], None]


class TooSlow(LinliError):
    """The rule, or the rules of a batch together, did not end in time."""

    retryable = True


class Defect(LinliError):
    """The rule itself broke, whatever it raised."""


@dataclass(kw_only=True)
class Delivery:
    """One message as it arrived, and what became of it."""

    body: bytes
    content_type: str | None
    headers: Mapping[str, Any]
    message_id: str | None
    exchange: str
    routing_key: str
    attempt: int = 0
    message: Any = None
    event: CloudEvent | None = None
    fact: Any = None
    outcome: str = ""
    error: LinliError | None = None
    park_reason: str = ""

    def __post_init__(self) -> None:
        """Make the properties writable: AMQP carries halves of character pairs, which no database takes."""
        self.content_type, self.message_id = _writable(self.content_type), _writable(self.message_id)
        self.exchange, self.routing_key = _writable(self.exchange), _writable(self.routing_key)
        self.headers = _writable(self.headers)

    def park(self, reason: str, error: Exception) -> None:
        """Decide that this message has to be looked at by a person."""
        self.outcome, self.park_reason = "parked", reason
        self.error = error if isinstance(error, LinliError) else Defect(f"{type(error).__name__}: {error}")


@dataclass(kw_only=True)
class EventHandler:
    """One subscription: the type it takes, what a batch loads beforehand, and the rule that handles one fact of it."""

    store: Store
    name: str
    takes: type[Inbound]
    preload: Preload | None = None
    stopping: Callable[[], bool] = field(default=lambda: False)
    pause: Callable[[float], None] = time.sleep
    trying: Callable[[], None] = field(default=lambda: None)

    def handle(self, rule: Rule, deliveries: list[Delivery]) -> None:
        """Give each delivery its outcome; empty where the process stops before the database is back."""
        for delivery in deliveries:
            self._read(delivery)
        self._run(rule, [delivery for delivery in deliveries if not delivery.outcome])

    def _read(self, delivery: Delivery) -> None:
        """Decode and check one message; whatever is wrong with it parks it."""
        try:
            delivery.event = decode(
                delivery.body,
                content_type=delivery.content_type,
                headers=delivery.headers,
                message_id=delivery.message_id,
                exchange=delivery.exchange,
                routing_key=delivery.routing_key,
                business_key=self.takes.business_key,
            )
            self._check_type(delivery.event)
            delivery.fact = load(self.takes, delivery.event.data, ignore_unknown=True)
        except InvalidInput as error:
            delivery.park(str(error.details.get("reason", "invalid")), error)
        except Exception as error:  # noqa: BLE001 -- no message whatsoever may stop the ones behind it
            delivery.park("undecodable", error)

    def _check_type(self, event: CloudEvent) -> None:
        if event.type != self.takes.type:
            raise InvalidInput(f"this queue takes {self.takes.type}", reason="unknown_type", type=event.type)
        if event.version != VERSION:
            raise InvalidInput(f"known is version {VERSION}", reason="unknown_version", version=event.version)

    def _run(self, rule: Rule, batch: list[Delivery]) -> None:
        """Run the batch in one transaction, or else its halves."""
        if not batch:
            return
        try:
            self._try(rule, batch)
        except Unavailable:
            return  # stopping: the broker delivers again
        except Exception as error:  # noqa: BLE001 -- every outcome is decided here
            if len(batch) > 1:
                for part in _halves(batch):
                    self._run(rule, part)
            elif isinstance(error, CannotUndoStep):
                batch[0].error = _refusal_of(error)
                self._run(rule, batch)
            else:
                self._fail(batch[0], error)

    def _try(self, rule: Rule, batch: list[Delivery]) -> None:
        """Try at once after conflicts, and as long as it takes while the database is away."""
        conflicts, hold = 0, 0.05
        while True:
            began = time.monotonic()
            self.trying()
            try:
                self._once(rule, batch)
            except Unavailable as error:
                if self._took_too_long(began):
                    raise TooSlow("the rule took longer than a transaction may") from error
                if self.stopping():
                    raise
                self.pause(hold)
                hold = min(LONGEST_HOLD, hold * 2)
            except Conflict:
                if conflicts == len(IMMEDIATE_RETRIES):
                    raise
                self.pause(IMMEDIATE_RETRIES[conflicts])
                conflicts += 1
            else:
                return

    def _took_too_long(self, began: float) -> bool:
        """Tell whether the time was up although the database is there: to wait for it would not help."""
        return time.monotonic() - began >= self.store.settings.event_seconds and self.store.answers()

    def _once(self, rule: Rule, batch: list[Delivery]) -> None:
        outcomes: list[str] = []
        with pymongo.timeout(self.store.settings.event_seconds), self.store.unit(clock.now()) as tx:
            inbox = Inbox(tx, self.name, [_event(delivery).id for delivery in batch])
            self._load_for(rule, tx, [one for one in batch if not inbox.knows(_event(one).id)])
            for delivery in batch:
                event = _event(delivery)
                if inbox.seen(event.id):
                    outcomes.append(DUPLICATE)
                    continue
                result = self._step(rule, tx, delivery)
                inbox.mark(Mark(event_id=event.id, type=event.type, result=result, correlation=event.correlationid))
                outcomes.append(result)
            inbox.flush()
        for delivery, outcome in zip(batch, outcomes, strict=True):
            delivery.outcome = outcome

    def _load_for(self, rule: Rule, tx: Transaction, batch: list[Delivery]) -> None:
        """Load in few round trips what the rule will look up: as the subscription says, else as it shows."""
        if self.preload is not None:
            self.preload(tx, [one.fact for one in batch])
        else:
            load_ahead(tx, [(_step_of(_event(one)), partial(_call, rule, tx, one.fact)) for one in batch])

    def _step(self, rule: Rule, tx: Transaction, delivery: Delivery) -> str:
        """Run the rule for one event; a refusal undoes that event's changes only."""
        if isinstance(delivery.error, Refusal):
            return _refused(delivery.error)
        try:
            with tx.step(_step_of(_event(delivery))):
                _call(rule, tx, delivery.fact)
        except Refusal as refusal:
            return _refused(refusal)
        return DONE

    def _fail(self, delivery: Delivery, error: Exception) -> None:
        if isinstance(error, LinliError) and error.retryable:
            delivery.outcome, delivery.error = "retry", error
        elif isinstance(error, InvalidInput):
            delivery.park("invalid", error)
        else:
            log.error("rule failed", handler=self.name, event_id=_event(delivery).id, exc_info=error)
            delivery.park("defect", error)


def _halves(batch: list[Delivery]) -> tuple[list[Delivery], list[Delivery]]:
    return batch[: len(batch) // 2], batch[len(batch) // 2 :]


def _writable(value: Any) -> Any:
    """Replace what UTF-8 has no bytes for, in texts and in what contains them."""
    if isinstance(value, str):
        return value.encode(errors="surrogatepass").decode(errors="replace")
    if isinstance(value, Mapping):
        return {_writable(name): _writable(one) for name, one in value.items()}
    return [_writable(one) for one in value] if isinstance(value, list) else value


def _step_of(event: CloudEvent) -> Step:
    actor = Actor(id=event.actor or event.source)
    return Step(actor=actor, cause=event, causation=event.id, correlation=event.correlationid)


def _event(delivery: Delivery) -> CloudEvent:
    return cast("CloudEvent", delivery.event)  # only what could be read gets this far


def _refusal_of(error: CannotUndoStep) -> Refusal:
    return cast("Refusal", error.__cause__)  # which is what raises it


def _refused(refusal: Refusal) -> str:
    return BUSINESS_DUPLICATE if isinstance(refusal, AlreadyHandled) else f"refused:{refusal.code}"


def _call(rule: Rule, tx: Transaction, fact: Any) -> None:
    """Call the rule; what is no Exception, such as a green thread's timeout, becomes a defect instead of a stall."""
    try:
        rule(tx, fact)
    except (Exception, GreenletExit):
        raise
    except BaseException as error:
        raise Defect(f"{type(error).__name__}: {error}") from error
