"""Whatever text comes in, it is read or refused; whatever text goes out, it is JSON and XML."""

import json
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.issues.open311 import new_request, render, search, span
from services.issues.open311.parameters import Parameters
from shared.errors import InvalidInput
from shared.http import Request
from tests.support.times import NOW

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)  # what UTF-8 can carry
VALUES = st.lists(st.one_of(TEXTS, st.floats().map(str), st.datetimes().map(str)), min_size=1, max_size=3)
NAMES = st.sampled_from(
    [
        "service_request_id",
        "service_code",
        "status",
        "start_date",
        "end_date",
        "page",
        "page_size",
        "lat",
        "long",
        "coordinate_system",
        "address_id",
        "address_string",
        "description",
        "media_url",
        "account_id",
        "client_id",
        "attribute[a]",
        "attribute[a][]",
        "attribute[",
        "attribute[]",
    ]
)
SENT = st.dictionaries(NAMES, VALUES)


@given(TEXTS)
def test_any_text_can_be_told_in_both_formats(text):
    value = [{"code": 400, "description": text}]

    tree = ET.fromstring(render("errors", value, "xml").body)

    assert json.loads(render("errors", value, "json").body) == value
    assert len(tree.findtext("error/description").replace("\r\n", "\n")) <= len(text)


@pytest.mark.parametrize(
    "read",
    [
        lambda sent: search(Parameters(sent), NOW),
        lambda sent: span(Parameters(sent), NOW),
        lambda sent: Parameters(sent).point(),
        lambda sent: new_request(Request(method="POST", url="/", root="", form={"service_code": ["a"], **sent})),
    ],
    ids=["search", "span", "point", "post"],
)
@given(sent=SENT)
def test_any_parameters_are_read_or_refused_by_name(read, sent):
    at_fault = set()
    try:
        read(sent)
    except InvalidInput as refused:
        at_fault = set(refused.details["fields"])

    assert at_fault <= {*sent, "lat", "long"}
