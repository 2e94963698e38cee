"""The demo as a person sees it."""

import pytest

from deploy.demo import watch
from tests.integration.shell.conftest import run

pytestmark = pytest.mark.server


def test_it_plays_the_story_to_its_end(played):
    assert played.demo.returncode == 0, played.demo.stdout[-3000:] + played.demo.stderr
    assert "IS-0001: 19 events, 210 messages delivered, 0 failed" in played.demo.stdout


def test_each_event_is_shown_with_service_name_titles_and_subject(played):
    [line] = [line for line in played.demo.stdout.splitlines() if " issue.closed " in line]

    assert all(word in line for word in ("issues", "事项已结案", "IS-0001", "The case is over"))


def test_it_says_what_each_person_does_before_it_happens(played):
    text = played.demo.stdout

    assert text.index("王小梅(R-1001)反映问题") < text.index(" issue.reported ")
    assert text.index("王小梅(R-1001)评价5分") < text.index(" issue.confirmed ") < text.index(" hours.credited ")


def test_messages_are_shown_as_they_were_received(played):
    text = played.demo.stdout

    assert "【滨湖世纪社区】王小梅您好,您反映的“振徽苑9栋非机动车棚”(IS-0001)已办结,感谢您的5星评价!" in text
    assert "【滨湖世纪社区】陈国强您好,“振徽苑9栋非机动车棚”志愿服务3.0小时已入账,累计43.0小时。" in text


def test_it_says_how_to_look_further(played):
    assert all(word in played.demo.stdout for word in ("make up", "make shell", 'trace("IS-0001")', "queues()"))


def test_it_can_be_played_again_on_what_is_there(played):
    again = run(played.system.place, "deploy.demo")

    assert again.returncode == 0, again.stdout[-3000:] + again.stderr
    assert "IS-0002: 19 events, 210 messages delivered, 0 failed" in again.stdout
    assert "累计46.0小时" in again.stdout


def test_without_services_it_ends_at_once_and_says_which_is_away(place):
    ended = run(place, "deploy.demo")

    assert ended.returncode == 1
    assert "no service named issues takes calls" in ended.stderr


def test_a_step_that_does_not_happen_says_what_was_awaited_and_where_to_look(place, monkeypatch):
    monkeypatch.setattr(watch, "PATIENCE", 0.2)
    watching = watch.Watch(place.amqp_uri)

    with pytest.raises(watch.Late) as late:
        watching.until(lambda: False, "1 × issue.closed", "make logs SERVICE=issues")

    watching.close()
    assert (late.value.awaited, late.value.where) == ("1 × issue.closed", "make logs SERVICE=issues")
