"""A new request becomes a report: counted once, under a pseudonym, without contact data, at a building of ours."""

from dataclasses import replace

import pytest

from services.issues import domain
from services.issues.domain.api_clients import issue_api_key, reporter_ref
from services.issues.domain.places import Point
from services.issues.domain.questions import Datatype, Question, Stop, Value
from services.issues.open311 import building as building_of
from services.issues.open311 import called, new_request, report
from shared.errors import InvalidInput
from shared.http import Request, problem_of
from tests.support.categories import CATEGORIES

SENT = {
    "api_key": "xyz",
    "service_code": "bike_shed",
    "address_id": "C01-G03-E07-B09",
    "description": "9栋门口电动车乱停",
    "first_name": "小梅",
    "last_name": "王",
    "phone": "13812345678",
    "email": "xiaomei@example.org",
    "account_id": "user-17",
    "client_id": "report-1",
    "media_url": "https://photos.example.org/1.jpg",
}
WHERE = Question(
    code="where",
    label_zh="在哪里",
    label_en="where",
    datatype=Datatype.MULTIVALUELIST,
    required=True,
    values=tuple(Value(key=key, name_zh=key, name_en=key) for key in ("stairs", "gate", "burning")),
    stops=(Stop(answer="burning", advice_zh="请立即拨打119", advice_en="Call 119"),),
)
COUNT = Question(code="count", label_zh="几辆", label_en="how many", datatype=Datatype.NUMBER)
PLAIN = replace(CATEGORIES["bike_shed"], questions=())
CATEGORY = replace(PLAIN, questions=(WHERE, COUNT))


def request(headers=None, **changes):
    sent = {**SENT, **changes}
    form = {name: value if isinstance(value, list) else [value] for name, value in sent.items() if value is not None}
    return Request(method="POST", url="/open311/v2/requests.json", root="http://h/", form=form, headers=headers or {})


@pytest.fixture
def client(now):
    return issue_api_key(
        None, client="app", source=domain.Source.OPEN311, key="k" * 43, salt="5a17", by="admin", now=now
    )


def test_a_request_becomes_a_report_under_a_pseudonym(client):
    made = report(
        new_request(request(**{"attribute[where][]": ["gate", "stairs"], "attribute[count]": "3"})), CATEGORY, client
    )

    assert made.reporter == reporter_ref(client, "user-17")
    assert made.client_id == "open311:app:report-1"
    assert (made.source, made.text) == (domain.Source.OPEN311, "9栋门口电动车乱停")
    assert made.answers == {"where": ["stairs", "gate"], "count": 3}
    assert made.told.media_url == "https://photos.example.org/1.jpg"


def test_contact_data_is_nowhere_in_it(client):
    made = repr(report(new_request(request()), PLAIN, client))

    assert [word for word in ("小梅", "13812345678", "xiaomei", "user-17") if word in made] == []


def test_the_number_may_come_as_a_header_and_a_user_as_a_device(client):
    new = new_request(request({"idempotency-key": "k-1"}, client_id=None, account_id=None, device_id="d-9"))

    assert (new.client_id, new.account) == ("k-1", "d-9")
    assert report(new, PLAIN, client).reporter == reporter_ref(client, "d-9")


def test_a_number_that_is_too_long_is_refused_wherever_it_stands():
    for sent in (request(client_id="x" * 201), request({"idempotency-key": "x" * 201}, client_id=None)):
        with pytest.raises(InvalidInput, match="client_id"):
            new_request(sent)


def test_without_a_description_the_category_speaks(client):
    assert report(new_request(request(description=None)), PLAIN, client).text == "非机动车棚"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"service_code": None}, "service_code: was not provided"),
        (
            {"address_id": None},
            "lat: was not provided; a request needs one of lat and long, address_string, address_id",
        ),
        ({"address_id": None, "lat": "31.7"}, "long: was not provided; lat and long are sent together"),
        ({"description": "字" * 4001}, "description: Longer than maximum length 4000."),
        ({"media_url": "ftp://x/y"}, "media_url: Not a valid URL."),
        ({"address_id": "振徽苑9栋"}, "address_id: Allowed are letters, digits and . _ : / -"),
    ],
)
def test_what_is_wrong_is_said_with_what_is_allowed(changes, said):
    with pytest.raises(InvalidInput) as refused:
        new_request(request(**changes))

    assert said in problem_of(refused.value).sentences


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, ["attribute[where]: 在哪里: an answer is required: a list of stairs, gate, burning"]),
        (
            {"attribute[where]": "roof", "attribute[count]": "many", "attribute[who]": "me"},
            [
                "attribute[who]: no such question; there are where, count",
                "attribute[where]: 在哪里: must be a list of stairs, gate, burning",
                "attribute[count]: 几辆: must be a number",
            ],
        ),
    ],
)
def test_each_answer_that_is_not_valid_is_named(client, sent, said):
    with pytest.raises(InvalidInput) as refused:
        report(new_request(request(**sent)), CATEGORY, client)

    sentences = problem_of(refused.value).sentences
    assert len(sentences) == len(said)
    assert all(one.startswith(words) for one, words in zip(sentences, said, strict=True))


def test_an_answer_that_stops_the_form_is_refused_with_the_advice(client):
    with pytest.raises(domain.StopAnswer) as refused:
        report(new_request(request(**{"attribute[where]": "burning"})), CATEGORY, client)

    assert problem_of(refused.value).sentences == ("请立即拨打119",)


def test_a_point_is_taken_beside_any_other_address():
    new = new_request(request(address_id=None, lat="31.72", long="117.28", address_string="some gate"))

    assert (new.point, new.address, new.address_id) == (Point(lat=31.72, long=117.28), "some gate", None)


def test_an_address_id_names_a_building(building, estate):
    assert building_of("C01-G03-E07-B09", building) == "C01-G03-E07-B09"
    for known in (None, estate):
        with pytest.raises(InvalidInput, match="is not a building of this community"):
            building_of("C01-G03-E07", known)


def test_an_address_names_exactly_one_building(building):
    assert called("振徽苑9栋", [building]) == building.org_unit_id
    with pytest.raises(InvalidInput, match="no building is called 振徽苑; send its whole name"):
        called("振徽苑", [])
    with pytest.raises(InvalidInput, match="several buildings are called 1栋"):
        called("1栋", [building, building])
