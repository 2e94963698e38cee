import email
import socket
from dataclasses import replace
from email import policy

import pytest
from aiosmtpd.controller import Controller

from services.notify import channels
from services.notify.domain import Channel, Outcome
from services.notify.settings import Settings


class Postbox:
    """A mail server that says what a test wants it to say."""

    def __init__(self):
        self.to_quit = "221 Bye"
        self.mails, self.to_rcpt, self.to_data, self.to_mail = [], "250 OK", "250 OK", "250 OK"

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802 -- the name is aiosmtpd's
        if self.to_mail.startswith("2"):
            envelope.mail_from = address
        return self.to_mail

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 -- the name is aiosmtpd's
        if self.to_rcpt.startswith("2"):
            envelope.rcpt_tos.append(address)
        return self.to_rcpt

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 -- the name is aiosmtpd's
        self.mails.append(email.message_from_bytes(envelope.content, policy=policy.default))
        return self.to_data

    async def handle_QUIT(self, server, session, envelope):  # noqa: N802 -- the name is aiosmtpd's
        return self.to_quit


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


def mail_to(port):
    url = f"smtp://127.0.0.1:{port}"
    found = channels.providers(Settings(gateway_url=None, smtp_url=url, smtp_from="邻里 <linli@example.org>"))
    assert set(found) == {Channel.EMAIL}
    return found[Channel.EMAIL]


@pytest.fixture
def postbox():
    return Postbox()


@pytest.fixture
def mail(postbox):
    controller = Controller(postbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield mail_to(controller.port)
    controller.stop()


@pytest.fixture
def letter(message):
    return replace(message, to="r1001@example.org")


def test_the_letter_is_plain_text_with_proper_headers(mail, postbox, letter):
    assert mail.send(letter) == channels.ACCEPTED
    [sent] = postbox.mails
    assert sent["To"] == "r1001@example.org"
    assert sent["Subject"] == "【滨湖世纪社区】请您评价"
    assert sent["Message-ID"] == "<5f0e@example.org>"
    assert sent["Date"] == "Mon, 03 Mar 2025 09:00:00 +0800"
    assert sent["Auto-Submitted"] == "auto-generated"
    assert sent.get_content_type() == "text/plain"
    assert sent.get_content_charset() == "utf-8"
    assert sent.get_content().strip() == letter.text


@pytest.mark.parametrize(
    ("answers", "read"),
    [
        ({"to_rcpt": "550 no such user"}, (Outcome.PERMANENT, "smtp_550")),
        ({"to_rcpt": "451 try later"}, (Outcome.TEMPORARY, "smtp_451")),
        ({"to_data": "554 refused"}, (Outcome.PERMANENT, "smtp_554")),
        ({"to_data": "452 full"}, (Outcome.TEMPORARY, "smtp_452")),
        ({"to_mail": "553 sender unknown"}, (Outcome.TEMPORARY, "smtp_553")),
    ],
)
def test_only_what_is_said_about_recipient_or_content_is_permanent(mail, postbox, letter, answers, read):
    for name, value in answers.items():
        setattr(postbox, name, value)
    answer = mail.send(letter)
    assert (answer.outcome, answer.reason) == read


def test_a_rude_goodbye_after_acceptance_is_no_failure(mail, postbox, letter):
    postbox.to_quit = "421 go away"
    assert mail.send(letter) == channels.ACCEPTED
    assert len(postbox.mails) == 1


def test_a_server_that_is_away_is_unreachable(letter):
    assert mail_to(free_port()).send(letter) == channels.temporary("unreachable")


def test_a_server_that_says_nothing_is_a_timeout(monkeypatch, letter):
    monkeypatch.setattr(channels, "TIMEOUT", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert mail_to(silent.getsockname()[1]).send(letter) == channels.temporary("timeout")
