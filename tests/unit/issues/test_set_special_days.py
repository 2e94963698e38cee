from datetime import date

import pytest

from services.issues import calendar, domain, schemas
from shared.errors import Forbidden, InvalidInput
from shared.schemas import load


def special(day, *, working=False, name_zh="国庆节"):
    return domain.SpecialDay(day=date.fromisoformat(day), working=working, name_zh=name_zh)


EMPTY = domain.CalendarYear(year="2027")


def test_days_are_kept_in_order_and_a_day_again_replaces():
    year = domain.set_special_days(EMPTY, [special("2027-10-01"), special("2027-05-01")], [])
    year = domain.set_special_days(year, [special("2027-10-01", working=True, name_zh="上班")], [])

    assert year.days == (special("2027-05-01"), special("2027-10-01", working=True, name_zh="上班"))


def test_the_same_days_again_change_nothing():
    days = [special("2027-10-01"), special("2027-05-01")]
    year = domain.set_special_days(EMPTY, days, [])

    assert domain.set_special_days(year, days, [date(2027, 1, 1)]) == year


def test_a_day_can_be_taken_away():
    year = domain.set_special_days(EMPTY, [special("2027-10-01"), special("2027-05-01")], [])

    assert domain.set_special_days(year, [], [date(2027, 10, 1)]).days == (special("2027-05-01"),)


def test_a_year_takes_only_its_own_days():
    days = [special("2027-12-31"), special("2028-01-01")]

    assert domain.years_of(days, [date(2026, 5, 1)]) == ["2026", "2027", "2028"]
    assert domain.set_special_days(EMPTY, days, []).days == (special("2027-12-31"),)


def test_a_day_is_either_entered_or_taken_away():
    with pytest.raises(domain.DayNamedTwice) as refused:
        domain.years_of([special("2027-10-01")], [date(2027, 10, 1)])

    assert refused.value.details == {"days": ["2027-10-01"]}


def test_only_an_administrator_sets_special_days(resident, administrator):
    with pytest.raises(Forbidden):
        domain.authorise(resident, "set_special_days")
    domain.authorise(administrator, "set_special_days")


@pytest.mark.parametrize(
    ("days", "field", "text"),
    [
        ([{"day": "2027-13-01", "working": False, "name_zh": "x"}], 0, "Not a valid date"),
        ([{"day": "1066-10-14", "working": False, "name_zh": "x"}], 0, "1949 to 2999"),
        ([{"day": "2027-10-01", "working": "no", "name_zh": "x"}], 0, "Not a valid boolean"),
        ([{"day": "2027-10-01", "working": False, "name_zh": ""}], 0, "Length must be between 1 and 200"),
        ([{"day": "2027-10-01", "working": False}], 0, "Missing data"),
    ],
)
def test_a_day_that_is_not_valid_is_refused_by_name(days, field, text):
    with pytest.raises(InvalidInput) as refused:
        load(schemas.SetSpecialDays, {"days": days})

    assert text in str(refused.value.details["fields"]["days"][field])


def test_a_day_twice_in_one_command_is_refused():
    day = {"day": "2027-10-01", "working": False, "name_zh": "国庆节"}
    with pytest.raises(InvalidInput) as refused:
        load(schemas.SetSpecialDays, {"days": [day, {**day, "working": True}]})

    assert refused.value.details["fields"] == {"days": ["Each day once; repeated: 2027-10-01."]}


def test_the_list_of_a_year_says_where_each_day_comes_from():
    office = domain.CalendarYear(
        year="2026",
        days=(special("2026-01-01", working=True, name_zh="照常上班"), special("2026-03-02", name_zh="停电检修")),
    )

    view = schemas.year_view(office, calendar.national_days(2026))

    assert (view["year"], view["known"], view["known_from"]) == (2026, True, ["package", "office"])
    assert [day for day in view["days"] if day["day"] in ("2026-01-01", "2026-01-04", "2026-03-02")] == [
        {"day": "2026-01-01", "working": True, "name_zh": "照常上班", "source": "office"},
        {"day": "2026-01-04", "working": True, "name_zh": "元旦", "source": "package"},
        {"day": "2026-03-02", "working": False, "name_zh": "停电检修", "source": "office"},
    ]


def test_the_list_of_a_year_that_nobody_knows_says_so():
    view = schemas.year_view(domain.CalendarYear(year="2032"), calendar.national_days(2032))

    assert view == {"year": 2032, "known": False, "known_from": [], "days": []}
