import json
import socket

import pytest
from werkzeug import Response

from services.notify import channels
from services.notify.domain import Answer, Channel, Outcome
from services.notify.settings import Settings


@pytest.fixture
def wechat(httpserver):
    found = channels.providers(Settings(gateway_url=httpserver.url_for("/"), smtp_url=None, smtp_from="a@example.org"))
    assert set(found) == {Channel.WECHAT, Channel.SMS}
    yield found[Channel.WECHAT]
    found[Channel.WECHAT].session.close()


def test_without_a_gateway_there_is_no_channel():
    assert channels.providers(Settings(gateway_url=None, smtp_url=None, smtp_from="a@example.org")) == {}


def test_the_message_arrives_with_its_key_in_header_and_body(wechat, httpserver, message):
    httpserver.expect_oneshot_request(
        "/wechat",
        method="POST",
        headers={"Idempotency-Key": message.key},
        json={"to": "wx-1001", "text": message.text, "idempotency_key": message.key},
    ).respond_with_json({"errcode": 0, "errmsg": "ok"})
    assert wechat.send(message) == channels.ACCEPTED
    httpserver.check_assertions()


@pytest.mark.parametrize(
    ("answered", "read"),
    [
        ((200, {"errcode": 43004}), (Outcome.PERMANENT, "not_subscribed")),
        ((200, {"errcode": 45009}), (Outcome.TEMPORARY, "errcode_45009")),
        ((200, {"errcode": "0"}), (Outcome.TEMPORARY, "malformed_answer")),
        ((200, {"errcode": False}), (Outcome.TEMPORARY, "malformed_answer")),
        ((200, []), (Outcome.TEMPORARY, "malformed_answer")),
        ((400, {"errcode": 0}), (Outcome.PERMANENT, "http_400")),
        ((403, {"errcode": 43004}), (Outcome.PERMANENT, "not_subscribed")),
        ((404, {}), (Outcome.PERMANENT, "http_404")),
        ((401, {}), (Outcome.TEMPORARY, "http_401")),
        ((429, {}), (Outcome.TEMPORARY, "http_429")),
        ((500, {"errcode": 0}), (Outcome.TEMPORARY, "http_500")),
        ((503, {"errcode": 43004}), (Outcome.TEMPORARY, "http_503")),
    ],
)
def test_the_answer_is_read_from_status_and_body(wechat, httpserver, message, answered, read):
    status, body = answered
    httpserver.expect_request("/wechat").respond_with_json(body, status=status)
    assert wechat.send(message) == Answer(outcome=read[0], reason=read[1])


def test_a_body_that_is_no_json_is_no_success(wechat, httpserver, message):
    httpserver.expect_request("/wechat").respond_with_data("<html>", content_type="text/html")
    assert wechat.send(message) == channels.temporary("malformed_answer")


def test_a_redirect_is_not_followed(wechat, httpserver, message):
    httpserver.expect_request("/wechat").respond_with_response(Response(status=302, headers={"Location": "/other"}))
    assert wechat.send(message) == channels.temporary("http_302")


def test_a_gateway_that_does_not_answer_is_a_timeout(monkeypatch, message):
    monkeypatch.setattr(channels, "TIMEOUT", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        found = channels.providers(Settings(gateway_url=url, smtp_url=None, smtp_from="a@example.org"))
        assert found[Channel.SMS].send(message) == channels.temporary("timeout")
        found[Channel.SMS].session.close()


def test_a_gateway_that_is_away_is_unreachable(message):
    with socket.create_server(("127.0.0.1", 0)) as gone:
        url = f"http://127.0.0.1:{gone.getsockname()[1]}"
    found = channels.providers(Settings(gateway_url=url, smtp_url=None, smtp_from="a@example.org"))
    assert found[Channel.WECHAT].send(message) == channels.temporary("unreachable")
    found[Channel.WECHAT].session.close()


def test_the_reason_never_repeats_what_the_provider_said(wechat, httpserver, message):
    httpserver.expect_request("/wechat").respond_with_data(
        json.dumps({"errcode": 40003, "errmsg": "王小梅 wx-1001"}), content_type="application/json"
    )
    assert wechat.send(message).reason == "errcode_40003"
