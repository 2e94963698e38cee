from services.enrollment import domain, schemas


def test_a_course_shows_its_seats_and_the_waiting_list_in_order(offered, session):
    view = schemas.course_view(offered, [session])

    assert {name: view[name] for name in ("taken", "offered", "free", "waiting_count")} == {
        "taken": 1,
        "offered": 1,
        "free": 0,
        "waiting_count": 1,
    }
    assert view["waiting"] == [{"position": 1, "person_id": "L-04", "ticket": 4}]
    assert view["sessions"][0]["starts_at"] == "2025-03-03T09:00:00+08:00"
    assert "lapsed" not in view


def test_a_place_says_where_the_person_stands(offered, now):
    course, _ = domain.lapse(offered, "L-03", now + domain.HOLD)

    places = {person: schemas.place_view(course, person)["place"] for person in ("L-01", "L-02", "L-03", "L-04")}

    assert places == {"L-01": "none", "L-02": "enrolled", "L-03": "lapsed", "L-04": "offered"}
    assert schemas.place_view(course, "L-04")["hold_expires_at"] == "2025-03-05T09:00:00+08:00"


def test_the_report_adds_up_months_by_theme_and_names_every_theme():
    theme = domain.Theme.URBAN_MANAGEMENT
    tallies = [
        domain.Tally(tally_id=f"{theme}/{month}", theme=theme, month=month).add(person_times=28, completed=20)
        for month in ("2025-03", "2025-04")
    ]

    report = schemas.report_view(tallies)

    assert (report["person_times"], report["completed"]) == (56, 40)
    assert len(report["by_theme"]) == 6
    assert report["by_theme"]["urban_management"] == {"person_times": 56, "completed": 40}
