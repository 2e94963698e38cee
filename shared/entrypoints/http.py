"""Routes over HTTP: one green thread a connection, the work in nameko's workers, a stop that lets requests finish."""

import contextlib
import logging
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import eventlet
import werkzeug
from eventlet import wsgi
from eventlet.event import Event as Signal
from eventlet.semaphore import Semaphore
from greenlet import GreenletExit
from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import Entrypoint, ProviderCollector, SharedExtension
from werkzeug.exceptions import HTTPException, LengthRequired, MethodNotAllowed, RequestTimeout, UnsupportedMediaType
from werkzeug.routing import Map, MapAdapter, Rule

from shared import logs, metrics
from shared.actor import Actor
from shared.calls import Call
from shared.entrypoints.runtime import Runtime
from shared.errors import LinliError, Unavailable
from shared.http import Problem, Refused, Reply, Request, plain, problem_of

log = logs.get(__name__)
ANYBODY = Actor(id="http", roles=())  # who comes over HTTP shows no token; a service asks for what it wants to see
LARGEST_BODY = 128 * 1024  # bytes; 4,000 Chinese characters take 36,000 in a form
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
MOST_PARTS = 200  # fields of one form
MOST_CONNECTIONS = 256  # open at once; more wait to be accepted
MOST_AT_ONCE = 16  # requests in work; more wait for their turn
READ_SECONDS = 10.0  # for a request to arrive, and an answer to be taken
IDLE_SECONDS = 15.0  # how long a kept connection may be silent
GRACE_SECONDS = 2.0  # a call answers in its own time; this much later somebody else answers for it


@dataclass(frozen=True, kw_only=True)
class Route:
    """Where a method answers, and how its refusals are worded; GET reads, POST is one transaction."""

    method: str
    path: str
    refused: Refused


class Incoming(werkzeug.Request):
    """A request whose body cannot exhaust us."""

    max_content_length = LARGEST_BODY
    max_form_memory_size = LARGEST_BODY
    max_form_parts = MOST_PARTS


class HttpServer(SharedExtension, ProviderCollector):
    """Listens on API_ADDRESS, if there is one, and lets each route serve what is for it."""

    runtime = Runtime()

    def setup(self) -> None:
        """Build what needs no server."""
        self.runtime.setup()
        self._thread: Any = None
        self._draining = False
        self._turns = Semaphore(MOST_AT_ONCE)

    def start(self) -> None:
        """Listen; requests that come before the database is prepared are told so."""
        address = self.runtime.settings.api_address
        if address is None:
            return
        host, _, port = address.rpartition(":")
        self._map = Map([one.rule for one in self._providers], strict_slashes=False, merge_slashes=False)
        self._thread = eventlet.spawn(
            wsgi.server,
            eventlet.listen((host, int(port))),
            self.application,
            log=logging.getLogger("wsgi"),
            log_output=False,
            max_size=MOST_CONNECTIONS,
            keepalive=IDLE_SECONDS,
            socket_timeout=READ_SECONDS,
            debug=False,
        )
        log.info("listening", address=address, routes=len(self._providers))

    def drain(self) -> None:
        """Accept nothing more, close idle connections, and wait until what has begun is answered."""
        self._draining = True
        if self._thread is None:
            return
        thread, self._thread = self._thread, None
        thread.kill()
        with contextlib.suppress(GreenletExit, eventlet.Timeout), eventlet.Timeout(self.runtime.settings.drain_seconds):
            thread.wait()

    # -- one request

    def application(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request and note it: the route and the outcome, no value that came with it."""
        began = time.monotonic()
        routing, reply = self._answer(Incoming(environ))
        name, seconds = routing.method_name if routing else "-", time.monotonic() - began
        metrics.COMMANDS.labels(self.container.service_name, name, str(reply.status)).inc()
        metrics.COMMAND_SECONDS.labels(self.container.service_name, name).observe(seconds)
        path = routing.route.path if routing else "-"
        log.info("http", method=environ["REQUEST_METHOD"], route=path, status=reply.status, seconds=round(seconds, 3))
        response = werkzeug.Response(reply.body, reply.status, dict(reply.headers), content_type=reply.content_type)
        return response(environ, start_response)

    def _answer(self, incoming: Incoming) -> tuple["Routing | None", Reply]:
        """Find the route and let it serve; whatever can go wrong is worded by the route."""
        routing: Routing | None = None
        request = Request(method=incoming.method, url=incoming.path, root="")
        try:
            adapter = self._map.bind_to_environ(incoming.environ)
            try:
                routing, path = adapter.match()
            except MethodNotAllowed as error:
                routing = _neighbour(adapter, error)
                raise
            with self._turn():
                request = _read(incoming, path)
                return routing, routing.serve(request)
        except (LinliError, HTTPException) as error:
            return routing, _worded(routing, request, problem_of(error))
        except Exception as error:
            log.exception("request broke", route=routing and routing.route.path)
            return routing, _worded(routing, request, problem_of(error))

    @contextlib.contextmanager
    def _turn(self) -> Iterator[None]:
        """Let so many work at once, and nobody before the start or after the end; raises Unavailable."""
        if not self.runtime.ready or self._draining:
            raise Unavailable("the service is starting or stopping; try again")
        if not self._turns.acquire(timeout=self.runtime.settings.command_seconds):
            raise Unavailable("too many ask at once; try again")
        try:
            yield
        finally:
            self._turns.release()


class Routing(Entrypoint):
    """One method that answers over HTTP."""

    server = HttpServer()

    def __init__(self, route: Route, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.route = route

    @property
    def rule(self) -> Rule:
        """What werkzeug matches."""
        return Rule(self.route.path, methods=[self.route.method], endpoint=self)

    def setup(self) -> None:
        """Join the server."""
        kind: Any = "query" if self.route.method == "GET" else "command"
        self._call = Call(name=self.method_name, kind=kind, takes=Request)
        self.server.register_provider(self)

    def stop(self) -> None:
        """Leave it once nothing is in work."""
        self.server.drain()
        self.server.runtime.drain()
        self.server.unregister_provider(self)

    def serve(self, request: Request) -> Reply:
        """Let a worker answer; raises Unavailable where it takes too long."""
        done = Signal()
        work = partial(self._work, request)
        try:
            self.container.spawn_worker(self, (work,), {}, handle_result=partial(self._ended, done))
            with eventlet.Timeout(self.server.runtime.settings.command_seconds + GRACE_SECONDS):
                reply: Reply | Exception = done.wait()
        except (ContainerBeingKilled, eventlet.Timeout):
            raise Unavailable("it took too long; try again") from None
        if isinstance(reply, Exception):
            raise reply
        return reply

    def _work(self, request: Request, method: Callable[..., Any]) -> Reply | Exception:
        try:
            caller = self.server.runtime.caller
            return Reply(**caller.run(self._call, method, request, ANYBODY, str(uuid.uuid4())))
        except Exception as error:  # noqa: BLE001 -- it is the connection's to word
            return error

    def _ended(self, done: Signal, _worker: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
        done.send(result if exc_info is None else exc_info[1])
        return result, exc_info


def _neighbour(adapter: MapAdapter, error: MethodNotAllowed) -> "Routing":
    """Return the route that takes this path with another method: it knows how to word the refusal."""
    routing: Routing = adapter.match(method=next(iter(error.valid_methods or ())))[0]
    return routing


def _read(incoming: Incoming, path: Mapping[str, Any]) -> Request:
    """Read the whole request in the time it has; raises HTTPException where it is too large, too slow or no form."""
    _check_kind(incoming)
    try:
        with eventlet.Timeout(READ_SECONDS):
            form, files = incoming.form.to_dict(flat=False), incoming.files
    except (eventlet.Timeout, TimeoutError):
        raise RequestTimeout(f"the request did not arrive within {READ_SECONDS:.0f} s") from None
    if files:
        raise UnsupportedMediaType("no files are taken; send an address where the file is")
    return Request(
        method=incoming.method,
        url=incoming.path,
        root=incoming.host_url,
        path=path,
        query=incoming.args.to_dict(flat=False),
        form=form,
        headers={name.lower(): value for name, value in incoming.headers.items()},
    )


def _check_kind(incoming: Incoming) -> None:
    """Take forms of a known length only; raises HTTPException."""
    if incoming.method == "POST" and incoming.content_length is None:
        raise LengthRequired("say with Content-Length how many bytes come")
    if incoming.content_length and incoming.mimetype not in FORMS:
        raise UnsupportedMediaType(f"the body must be {FORMS[0]}, not {incoming.mimetype or 'of no kind'}")


def _worded(routing: "Routing | None", request: Request, problem: Problem) -> Reply:
    return (routing.route.refused if routing else plain)(request, problem)
