"""Providers: what is sent over a channel, and what the answer means.

The body of an HTTP answer is read: status 200 alone is no success.
"""

import json
import smtplib
import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any, Protocol
from urllib.parse import SplitResult, unquote, urlsplit

import requests
from requests.adapters import HTTPAdapter

from services.notify.domain import Answer, Channel, Outcome
from services.notify.settings import Settings

TIMEOUT = 5  # seconds, for the connection and for each answer
POOL = 20  # connections; as many as are sent at once

ACCEPTED = Answer(outcome=Outcome.ACCEPTED)

ERRCODES: Mapping[int, Answer] = {  # of the gateway, as WeChat numbers them; others are temporary
    0: ACCEPTED,
    43004: Answer(outcome=Outcome.PERMANENT, reason="not_subscribed"),
}
OUR_FAULT = frozenset(
    {401, 407, 408, 425, 429}
)  # HTTP: credentials or load, not the recipient; the other 4xx are permanent


@dataclass(frozen=True, kw_only=True)
class Message:
    """What a provider gets; the same key again means the same message."""

    message_id: str
    key: str
    to: str = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)
    at: datetime


class Provider(Protocol):
    """Sends one message and says how it went; never raises for what a provider does."""

    def send(self, message: Message) -> Answer:
        """Send the message."""
        ...


def providers(settings: Settings) -> dict[Channel, Provider]:
    """Return the providers that are configured."""
    found: dict[Channel, Provider] = {}
    if settings.gateway_url:
        session = _session()
        for channel in (Channel.WECHAT, Channel.SMS):
            found[channel] = Gateway(url=f"{settings.gateway_url.rstrip('/')}/{channel.value}", session=session)
    if settings.smtp_url:
        found[Channel.EMAIL] = Mail(server=urlsplit(settings.smtp_url), sender=settings.smtp_from)
    return found


def temporary(reason: str) -> Answer:
    """Return an answer that is worth another try."""
    return Answer(outcome=Outcome.TEMPORARY, reason=reason)


def permanent(reason: str) -> Answer:
    """Return an answer that no other try will change."""
    return Answer(outcome=Outcome.PERMANENT, reason=reason)


# -- HTTP gateway


@dataclass(frozen=True, kw_only=True)
class Gateway:
    """One channel of the HTTP gateway."""

    url: str
    session: requests.Session

    def send(self, message: Message) -> Answer:
        """Post the message; the idempotency key goes in the header and in the body."""
        body = {"to": message.to, "text": message.text, "idempotency_key": message.key}
        headers = {"Idempotency-Key": message.key}
        try:
            response = self.session.post(self.url, json=body, headers=headers, timeout=TIMEOUT, allow_redirects=False)
        except requests.Timeout:
            return temporary("timeout")
        except requests.RequestException:
            return temporary("unreachable")
        return read(response.status_code, response.content)


def read(status: int, content: bytes) -> Answer:
    """Tell from status and body what became of the message."""
    errcode = _errcode(content)
    if 400 <= status < 500:
        known = ERRCODES.get(errcode) if errcode else None
        return temporary(f"http_{status}") if status in OUR_FAULT else known or permanent(f"http_{status}")
    if not 200 <= status < 300:
        return temporary(f"http_{status}")
    if errcode is None:
        return temporary("malformed_answer")
    return ERRCODES.get(errcode) or temporary(f"errcode_{errcode}")


def _errcode(content: bytes) -> int | None:
    """Return the error code of the body, or None where there is none."""
    try:
        values: Any = json.loads(content)
    except ValueError:
        return None
    errcode = values.get("errcode") if isinstance(values, dict) else None
    return errcode if isinstance(errcode, int) and not isinstance(errcode, bool) else None


def _session() -> requests.Session:
    """Open a session that keeps connections and takes no proxy or password from the environment."""
    session = requests.Session()
    session.trust_env = False
    for scheme in ("http://", "https://"):
        session.mount(scheme, HTTPAdapter(pool_connections=2, pool_maxsize=POOL))
    return session


# -- e-mail


@dataclass(frozen=True, kw_only=True)
class Mail:
    """A mail server, spoken to once per message."""

    server: SplitResult = field(repr=False)
    sender: str

    def send(self, message: Message) -> Answer:
        """Hand the message to the server; only what it says about recipient or content is permanent."""
        try:
            self._hand_over(self._compose(message))
        except smtplib.SMTPRecipientsRefused as refused:
            return _smtp_answer(next(code for code, _ in refused.recipients.values()))
        except smtplib.SMTPDataError as refused:
            return _smtp_answer(refused.smtp_code)
        except smtplib.SMTPResponseException as refused:
            return temporary(f"smtp_{refused.smtp_code}")
        except TimeoutError:
            return temporary("timeout")
        except (OSError, smtplib.SMTPException) as error:  # smtplib hides a timeout while reading behind its own error
            return temporary("timeout" if isinstance(error.__context__, TimeoutError) else "unreachable")
        return ACCEPTED

    def _hand_over(self, mail: EmailMessage) -> None:
        smtp = self._connect()
        try:
            if self.server.scheme == "smtp+starttls":
                smtp.starttls(context=ssl.create_default_context())
            if self.server.username:
                smtp.login(unquote(self.server.username), unquote(self.server.password or ""))
            smtp.send_message(mail)
        finally:
            with suppress(OSError, smtplib.SMTPException):  # how the server says goodbye changes nothing
                smtp.quit()
            smtp.close()

    def _connect(self) -> smtplib.SMTP:
        host, port, name = self.server.hostname or "localhost", self.server.port or 0, socket.gethostname()
        if self.server.scheme == "smtps":
            return smtplib.SMTP_SSL(host, port, name, timeout=TIMEOUT, context=ssl.create_default_context())
        return smtplib.SMTP(host, port, name, timeout=TIMEOUT)

    def _compose(self, message: Message) -> EmailMessage:
        mail = EmailMessage()
        mail["From"] = self.sender
        mail["To"] = message.to
        mail["Subject"] = message.subject
        mail["Date"] = format_datetime(message.at)
        mail["Message-ID"] = f"<{message.message_id}@{self.sender.rpartition('@')[2].rstrip('>')}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(message.text)
        return mail


def _smtp_answer(code: int) -> Answer:
    return permanent(f"smtp_{code}") if code >= 500 else temporary(f"smtp_{code}")
