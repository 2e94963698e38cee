import pytest

from services.notify import schemas
from shared.errors import InvalidInput
from shared.schemas import load

GOOD = {"person_id": "R-1001", "name": "王小梅", "wechat": "wx-1001", "sms": "13800001001"}


def refused(of, values):
    with pytest.raises(InvalidInput) as error:
        load(of, values)
    return error.value.details["fields"]


def test_a_contact_is_taken_and_not_printed():
    command = load(schemas.SetContact, GOOD)
    assert command.addresses == {"wechat": "wx-1001", "sms": "13800001001", "email": None}
    assert not any(secret in repr(command) for secret in ("王小梅", "wx-1001", "13800001001"))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", {"$gt": ""}),
        ("wechat", "a b"),
        ("sms", "1" * 129),
        ("email", "nobody"),
        ("email", "a@example.org\nBcc: b@example.org"),
        ("language", "fr"),
        ("nickname", "x"),
    ],
)
def test_a_wrong_field_is_named(field, value):
    assert field in refused(schemas.SetContact, GOOD | {field: value})


def test_at_most_500_contacts_come_at_once():
    assert len(load(schemas.SetContacts, {"contacts": [GOOD] * 500}).contacts) == 500
    assert "contacts" in refused(schemas.SetContacts, {"contacts": [GOOD] * 501})
    assert "contacts" in refused(schemas.SetContacts, {"contacts": []})


@pytest.mark.parametrize("value", [{"$gt": ""}, None, True, ["x"], "x" * 501])
def test_parameters_are_short_texts_and_numbers(value):
    assert "params" in refused(
        schemas.Send, {"person_id": "R-1001", "template": "issue_accepted", "params": {"title": value}}
    )
