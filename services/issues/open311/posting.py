"""A new request as a caller sends it: checked, and without the name, phone and mail of whoever stands behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from marshmallow import validate

from services.issues.domain import (
    AnswersNotValid,
    Category,
    Level,
    OrgUnit,
    Report,
    check_answers,
)
from services.issues.domain.api_clients import ApiClient, reporter_ref
from services.issues.domain.intake import Told
from services.issues.domain.places import Point
from services.issues.domain.questions import Datatype
from services.issues.open311.parameters import Parameters, wrong
from shared.errors import InvalidInput
from shared.http import Request
from shared.schemas import Id, load

IDEMPOTENCY_KEY = "idempotency-key"  # draft-ietf-httpapi-idempotency-key-header
LOCATIONS = "one of lat and long, address_string, address_id"


@dataclass(frozen=True, kw_only=True)
class Texts:
    """What has a form of its own."""

    service_code: Id
    description: Annotated[str, validate.Length(max=4000)] = ""  # the specification's limit
    media_url: Annotated[str, validate.URL(schemes={"http", "https"}), validate.Length(max=2000)] | None = None
    address_id: Id | None = None
    client_id: Annotated[str, validate.Length(max=200)] | None = None
    account_id: Annotated[str, validate.Length(max=200)] | None = None
    device_id: Annotated[str, validate.Length(max=200)] | None = None


@dataclass(frozen=True, kw_only=True)
class NewRequest:
    """What is reported, where, and the caller's own number of it and of its user."""

    service_code: str
    description: str
    media_url: str | None
    answers: Mapping[str, tuple[str, ...]]
    point: Point | None
    address_id: str | None
    address: str | None
    account: str | None
    client_id: str | None


def report(new: NewRequest, category: Category, client: ApiClient) -> Report:
    """Say it in our own words: the reporter under a pseudonym, the client's number under the client's name."""
    return Report(
        reporter=reporter_ref(client, new.account),
        text=new.description or category.label_zh,
        source=client.source,
        client_id=None if new.client_id is None else f"open311:{client.client}:{new.client_id}",
        sensitive=False,
        answers=answers_to(category, new.answers),
        told=Told(point=new.point, media_url=new.media_url),
    )


def answers_to(category: Category, given: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    """Read the answers as the questions want them; raises StopAnswer, and InvalidInput that names each attribute."""
    kinds = {question.code: question.datatype for question in category.questions}
    answers = {code: _value(kinds.get(code), texts) for code, texts in given.items()}
    try:
        return check_answers(category, answers)
    except AnswersNotValid as refused:
        fields = {f"attribute[{code}]": [words] for code, words in refused.details["answers"].items()}
        raise InvalidInput(refused.message, fields=fields) from None


def _value(kind: Datatype | None, texts: tuple[str, ...]) -> Any:
    """Turn the texts of a form into what a question takes; what is no number stays a text, which none takes for one."""
    if kind is Datatype.MULTIVALUELIST:
        return list(texts)
    if kind is Datatype.NUMBER:
        try:
            return float(texts[0])
        except ValueError:
            return texts[0]
    return texts[0]


def building(address_id: str, known: OrgUnit | None) -> str:
    """Return the building of an address_id; raises InvalidInput."""
    if known is None or known.level is not Level.BUILDING:
        raise wrong("address_id", f"{address_id} is not a building of this community")
    return known.org_unit_id


def called(address: str, found: Sequence[OrgUnit]) -> str:
    """Return the building that alone has this name; raises InvalidInput."""
    if len(found) != 1:
        how = "no building is" if not found else "several buildings are"
        raise wrong("address_string", f"{how} called {address}; send its whole name, lat and long, or address_id")
    return found[0].org_unit_id


def new_request(request: Request) -> NewRequest:
    """Read a new request; contact data is not even looked at. Raises InvalidInput."""
    sent = Parameters(request.form)
    sent.required("service_code")
    texts = {name: value for name in Texts.__dataclass_fields__ if (value := sent.text(name)) is not None}
    if request.headers.get(IDEMPOTENCY_KEY):
        texts.setdefault("client_id", request.headers[IDEMPOTENCY_KEY])
    given = load(Texts, texts)
    point, address = sent.point(), sent.text("address_string")
    if point is None and address is None and given.address_id is None:
        raise wrong("lat", f"was not provided; a request needs {LOCATIONS}")
    return NewRequest(
        service_code=given.service_code,
        description=given.description,
        media_url=given.media_url,
        answers=sent.attributes(),
        point=point,
        address_id=given.address_id,
        address=address,
        account=given.account_id or given.device_id,
        client_id=given.client_id,
    )
