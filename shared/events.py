"""Facts as services announce and take them; pure, so that domain rules may build them."""

from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, kw_only=True)
class Event:
    """A fact this service announces, named `noun.past_participle`.

    `subject` names the field that holds the id of the aggregate; `zh` is the Chinese title.
    """

    type: ClassVar[str]
    subject: ClassVar[str]
    zh: ClassVar[str]

    def __init_subclass__(cls, *, type: str, subject: str, zh: str, **kwargs: Any) -> None:  # noqa: A002 -- the word of CloudEvents
        super().__init_subclass__(**kwargs)
        cls.type, cls.subject, cls.zh = type, subject, zh

    @property
    def subject_id(self) -> str:
        """The id of the aggregate this fact is about."""
        return str(getattr(self, self.subject))


@dataclass(frozen=True, kw_only=True)
class Inbound:
    """The part of another service's fact that this service relies on; further fields are ignored.

    `business_key` names the fields that identify the fact when a bare payload carries no id.
    """

    type: ClassVar[str]
    source: ClassVar[str]
    business_key: ClassVar[tuple[str, ...]]

    def __init_subclass__(
        cls,
        *,
        type: str,  # noqa: A002 -- the word of CloudEvents
        source: str,
        business_key: tuple[str, ...] = (),
        **kwargs: Any,
    ) -> None:
        super().__init_subclass__(**kwargs)
        cls.type, cls.source, cls.business_key = type, source, business_key
