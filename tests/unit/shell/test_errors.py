"""Errors arrive under the name they have in the service, on one line."""

from shared.errors import InvalidInput, LinliError, NotFound, Unavailable
from shared.shell.remote import error_of, no_answer, nobody_takes
from shared.shell.tables import problem

REFUSED = {
    "exc_type": "OfferExpired",
    "exc_args": ["the offer ended at 21:10", {"dispatch_id": "DP-0301"}],
    "value": "offer_expired: …",
    "code": "offer_expired",
    "retryable": False,
    "details": {"dispatch_id": "DP-0301"},
}


def test_a_refusal_of_a_service_keeps_name_code_sentence_and_details():
    error = error_of(REFUSED)

    assert isinstance(error, LinliError)
    assert (type(error).__name__, error.code) == ("OfferExpired", "offer_expired")
    assert (error.message, error.details) == ("the offer ended at 21:10", {"dispatch_id": "DP-0301"})


def test_the_same_refusal_is_the_same_class():
    assert type(error_of(REFUSED)) is type(error_of(REFUSED))


def test_an_error_that_every_service_has_is_our_own_class():
    error = error_of({"exc_type": "InvalidInput", "exc_args": ["no"], "code": "invalid_input", "details": {}})

    assert type(error) is InvalidInput


def test_an_unknown_method_is_not_found():
    assert isinstance(error_of({"exc_type": "MethodNotFound", "value": "nope"}), NotFound)


def test_an_answer_that_is_no_error_of_ours_is_still_readable():
    error = error_of({"exc_type": "ValueError", "value": "what", "exc_args": []})

    assert (type(error).__name__, error.message) == ("ValueError", "what")


def test_silence_may_be_tried_again():
    for error in (nobody_takes("issues", "triage"), no_answer("issues", "triage", 10)):
        assert isinstance(error, Unavailable)
        assert error.retryable


def test_an_error_is_one_line_with_code_sentence_and_details():
    assert (
        problem(error_of(REFUSED)).plain
        == "✗ OfferExpired offer_expired: the offer ended at 21:10 (dispatch_id: DP-0301)"
    )
