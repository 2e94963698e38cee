"""What a caller over HTTP is told when something goes wrong."""

import json

import pytest
from werkzeug.exceptions import MethodNotAllowed, RequestEntityTooLarge

from shared.errors import (
    Conflict,
    Forbidden,
    InvalidInput,
    LinliError,
    NotFound,
    StateNotAllowed,
    TooManyRequests,
    Unauthenticated,
    Unavailable,
)
from shared.http import RETRY_AFTER, Problem, Request, plain, problem_of

REQUEST = Request(method="GET", url="/accounts/1", root="http://127.0.0.1/")


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotFound("none"), 404),
        (InvalidInput("wrong"), 400),
        (Unauthenticated("who?"), 401),
        (Forbidden("not you"), 403),
        (StateNotAllowed("not now"), 409),
        (Conflict("somebody else"), 409),
        (TooManyRequests("slowly", retry_after=17), 429),
        (Unavailable("away"), 503),
        (LinliError("odd"), 500),
    ],
)
def test_each_of_our_errors_has_its_status_and_keeps_its_sentence(error, status):
    problem = problem_of(error)

    assert (problem.status, problem.code, problem.sentences) == (status, error.code, (error.message,))


def test_only_where_waiting_helps_is_said_how_long():
    assert problem_of(TooManyRequests("slowly", retry_after=17)).headers == {"Retry-After": "17"}
    assert problem_of(Unavailable("away")).headers == {"Retry-After": str(RETRY_AFTER)}
    assert problem_of(NotFound("none")).headers == {}


def test_each_field_at_fault_has_a_sentence_of_its_own():
    error = InvalidInput("wrong", fields={"lat": ["was not provided"], "roll": {"0": {"area": ["too small"]}}})

    assert problem_of(error).sentences == (
        "lat: was not provided",
        'roll: {"0": {"area": ["too small"]}}',
    )


def test_what_http_itself_refuses_keeps_its_status_and_the_methods_that_are_allowed():
    assert problem_of(RequestEntityTooLarge()).status == 413
    assert problem_of(MethodNotAllowed(["POST", "GET"])).headers == {"Allow": "GET, POST"}


def test_a_defect_tells_nothing_of_its_inside():
    problem = problem_of(ZeroDivisionError("the secret formula"))

    assert problem.status == 500
    assert "secret" not in repr(problem)


def test_without_a_format_of_its_own_a_problem_is_json():
    reply = plain(REQUEST, Problem(status=503, code="unavailable", sentences=("数据库",), retry_after=5))

    assert reply.status == 503
    assert reply.headers == {"Retry-After": "5"}
    assert json.loads(reply.body) == {"code": "unavailable", "errors": ["数据库"]}
