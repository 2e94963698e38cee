"""Stand in for the providers of WeChat and SMS on one machine, so that a person can see what a resident received.

POST /wechat and /sms take {"to", "text", "idempotency_key"} and keep the message once per key;
GET /messages?to=… lists them.
"""

from __future__ import annotations

import argparse
import json
import threading
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

CHANNELS = ("wechat", "sms")
FIELDS = ("to", "text", "idempotency_key")
LARGEST = 1_000_000  # bytes of a request


class Box:
    """The messages, in memory and as one JSON object a line in a file."""

    def __init__(self, file: Path) -> None:
        self._file, self._lock = file, threading.Lock()
        lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
        self._messages: dict[str, dict[str, Any]] = {
            message["idempotency_key"]: message for message in map(json.loads, filter(None, lines))
        }

    def keep(self, message: dict[str, Any]) -> None:
        """Keep a message unless its key was seen."""
        with self._lock:
            if message["idempotency_key"] not in self._messages:
                with self._file.open("a", encoding="utf-8") as out:
                    out.write(json.dumps(message, ensure_ascii=False) + "\n")
                self._messages[message["idempotency_key"]] = message

    def messages(self, to: str | None) -> list[dict[str, Any]]:
        """Return what one person received, or everything."""
        with self._lock:
            return [message for message in self._messages.values() if to in (None, message["to"])]


class Gateway(BaseHTTPRequestHandler):
    """Answer as WeChat does: errcode 0 is success."""

    box: Box
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Take a message."""
        channel = self.path.strip("/")
        body = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), LARGEST))
        try:
            message = json.loads(body)
            fields = {field: str(message[field]) for field in FIELDS}
        except (ValueError, KeyError, TypeError):
            return self._answer(400, {"errcode": 40035, "errmsg": f"JSON with {', '.join(FIELDS)} is wanted"})
        if channel not in CHANNELS:
            return self._answer(404, {"errcode": 40066, "errmsg": f"channels are {', '.join(CHANNELS)}"})
        now = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
        self.box.keep({"at": now, "channel": channel, **fields})
        return self._answer(200, {"errcode": 0, "errmsg": "ok"})

    def do_GET(self) -> None:
        """List messages."""
        url = urlsplit(self.path)
        if url.path != "/messages":
            return self._answer(404, {"errcode": 40066, "errmsg": "GET /messages?to=…"})
        return self._answer(200, self.box.messages(parse_qs(url.query).get("to", [None])[0]))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is http.server's
        """Say nothing: the file is the log."""

    def _answer(self, status: int, content: object) -> None:
        body = json.dumps(content, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Server(ThreadingHTTPServer):
    """Take as many callers at once as come: with the usual five waiting, the sixth is held up for seconds."""

    request_queue_size = 128


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(prog="python3 -m deploy.local.gateway", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="where to listen; in a container 0.0.0.0")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--file", type=Path, required=True)
    options = parser.parse_args()
    Gateway.box = Box(options.file)
    Server((options.host, options.port), Gateway).serve_forever()


if __name__ == "__main__":
    main()
