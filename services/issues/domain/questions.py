"""What a report of a category is asked, and what comes of the answers."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Datatype(StrEnum):
    """How a question is answered; the words of Open311 GeoReport v2."""

    STRING = "string"
    NUMBER = "number"
    DATETIME = "datetime"
    TEXT = "text"
    SINGLEVALUELIST = "singlevaluelist"
    MULTIVALUELIST = "multivaluelist"

    @property
    def is_list(self) -> bool:
        """Whether the answer is chosen from the question's values."""
        return self in (Datatype.SINGLEVALUELIST, Datatype.MULTIVALUELIST)


@dataclass(frozen=True, kw_only=True)
class Value:
    """One of the answers that a question offers."""

    key: str
    name_zh: str
    name_en: str


@dataclass(frozen=True, kw_only=True)
class Stop:
    """An answer that ends the form: this is no report for us, and here is what to do instead."""

    answer: str
    advice_zh: str
    advice_en: str


@dataclass(frozen=True, kw_only=True)
class Question:
    """One line of the form."""

    code: str
    label_zh: str
    label_en: str
    datatype: Datatype
    required: bool = False
    values: tuple[Value, ...] = ()
    stops: tuple[Stop, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """The answers that it offers."""
        return tuple(value.key for value in self.values)

    def faults(self) -> Iterator[tuple[str, str]]:
        """Name each field that does not fit the others, and why."""
        if self.datatype.is_list != bool(self.values):
            yield "values", f"a {self.datatype} has {'values' if self.datatype.is_list else 'none'}"
        for field, repeated in (("values", _repeated(self.keys)), ("stops", _repeated(s.answer for s in self.stops))):
            if repeated:
                yield field, f"each answer once; repeated: {', '.join(repeated)}"
        for number, stop in enumerate(self.stops):
            if stop.answer not in self.keys:
                yield f"stops.{number}.answer", f"is none of the values {', '.join(self.keys) or '(there are none)'}"


def form_faults(questions: tuple[Question, ...]) -> Iterator[tuple[str, str]]:
    """Name each field of a form that does not fit the others, and why."""
    if repeated := _repeated(question.code for question in questions):
        yield "questions", f"each code once; repeated: {', '.join(repeated)}"
    for number, question in enumerate(questions):
        for field, why in question.faults():
            yield f"questions.{number}.{field}", why


def _repeated(codes: "Iterator[str] | tuple[str, ...]") -> list[str]:
    return sorted(code for code, count in Counter(codes).items() if count > 1)
