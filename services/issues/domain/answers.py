"""Answers to the questions of a category, checked."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from services.issues.domain.categories import Category
from services.issues.domain.questions import Datatype, Question
from services.issues.domain.working_time import COMMUNITY_TIME
from shared.errors import Refusal

SHORT, LONG = 200, 4000  # characters of a string and of a text, as of every short text and text that comes in
LARGEST = 10**15  # beyond it a number that counts or measures something in a community is a slip of the hand


class AnswersNotValid(Refusal):
    """Answers are missing or not of their kind; the details name each question and what is allowed."""


class NoCategoryToAnswer(Refusal):
    """Answers came without the category that asks."""


class StopAnswer(Refusal):
    """This is not for us, and cannot wait; the details say what to do instead. Nothing was stored."""


class _Wrong(Exception):
    """What is allowed instead."""


def check_answers(category: Category, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers as they are stored, in the order of the questions; a moment as text in community time.

    Raises StopAnswer, whatever else is wrong, and AnswersNotValid, in that order.
    """
    given = {code: answer for code, answer in answers.items() if answer not in (None, "", [], ())}
    for question in category.questions:
        _check_stops(question, given.get(question.code))
    checked: dict[str, Any] = {}
    problems = _unknown(category, given)
    for question in category.questions:
        try:
            checked |= _checked(question, given)
        except _Wrong as wrong:
            problems[question.code] = f"{question.label_zh}: {wrong}"
    if problems:
        raise AnswersNotValid(f"not valid: {', '.join(problems)}", category=category.category_id, answers=problems)
    return checked


def _check_stops(question: Question, answer: Any) -> None:
    chosen = answer if isinstance(answer, list | tuple) else (answer,)
    for stop in question.stops:
        if stop.answer in chosen:
            raise StopAnswer(
                stop.advice_zh,
                question=question.code,
                answer=stop.answer,
                advice_zh=stop.advice_zh,
                advice_en=stop.advice_en,
            )


def _unknown(category: Category, given: Mapping[str, Any]) -> dict[str, str]:
    codes = [question.code for question in category.questions]
    asked = f"no such question; there are {', '.join(codes)}" if codes else "no such question; there are none"
    return {code: asked for code in given if code not in codes}


def _checked(question: Question, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answer under its code, nothing where none was given and none is required."""
    if question.code in given:
        return {question.code: _KINDS[question.datatype](question, given[question.code])}
    if question.required:
        raise _Wrong(f"an answer is required: {_allowed(question)}")
    return {}


def _allowed(question: Question) -> str:
    texts = {
        Datatype.STRING: f"a text of up to {SHORT} characters",
        Datatype.TEXT: f"a text of up to {LONG} characters",
        Datatype.NUMBER: f"a number of at most {LARGEST}",
        Datatype.DATETIME: "a moment with its offset, such as 2025-03-03T09:00:00+08:00",
        Datatype.SINGLEVALUELIST: f"one of {', '.join(question.keys)}",
        Datatype.MULTIVALUELIST: f"a list of {', '.join(question.keys)}",
    }
    return texts[question.datatype]


def _text(question: Question, answer: Any) -> str:
    longest = SHORT if question.datatype is Datatype.STRING else LONG
    if not isinstance(answer, str) or len(answer) > longest:
        raise _Wrong(f"must be {_allowed(question)}")
    return answer


def _number(question: Question, answer: Any) -> float:
    if isinstance(answer, bool) or not isinstance(answer, int | float) or not abs(answer) <= LARGEST:
        raise _Wrong(f"must be {_allowed(question)}")
    return answer


def _moment(question: Question, answer: Any) -> str:
    try:
        moment = datetime.fromisoformat(answer)
        if moment.tzinfo is not None:
            return moment.astimezone(COMMUNITY_TIME).isoformat()
    except (TypeError, ValueError, OverflowError):
        pass
    raise _Wrong(f"must be {_allowed(question)}")


def _one(question: Question, answer: Any) -> str:
    if not isinstance(answer, str) or answer not in question.keys:
        raise _Wrong(f"must be {_allowed(question)}")
    return answer


def _several(question: Question, answer: Any) -> list[str]:
    """Return what was chosen in the order of the values, each once."""
    if not isinstance(answer, list | tuple) or any(one not in question.keys for one in answer):
        raise _Wrong(f"must be {_allowed(question)}")
    return [key for key in question.keys if key in answer]


_KINDS: dict[Datatype, Callable[[Question, Any], Any]] = {
    Datatype.STRING: _text,
    Datatype.TEXT: _text,
    Datatype.NUMBER: _number,
    Datatype.DATETIME: _moment,
    Datatype.SINGLEVALUELIST: _one,
    Datatype.MULTIVALUELIST: _several,
}
