import pytest

from services.notify import domain
from services.notify.domain import Language

GREETING = domain.Template(
    name="greeting",
    title={Language.CHINESE: "问候", Language.ENGLISH: "Greeting"},
    text={Language.CHINESE: "{name}您好,{issue_id}。", Language.ENGLISH: "Dear {name}, {issue_id}."},
)


@pytest.mark.parametrize("template", domain.TEMPLATES.values(), ids=lambda template: template.name)
def test_the_same_placeholders_stand_in_every_language(template):
    assert {domain.placeholders_of(text) for text in template.text.values()} == {template.placeholders}
    assert set(template.title) == set(template.text) == set(Language)


@pytest.mark.parametrize("text", ["{a.b}", "{a[0]}", "{a!r}", "{a:>5}", "{}", "{0}"])
def test_a_placeholder_has_no_logic(text):
    with pytest.raises(ValueError, match="plain name"):
        domain.placeholders_of(text)


def test_a_gap_is_refused_and_named():
    with pytest.raises(domain.MissingPlaceholders) as refused:
        domain.check(GREETING, {})
    assert refused.value.details == {"template": "greeting", "missing": ["issue_id"]}


def test_a_parameter_without_a_place_is_refused_and_named():
    with pytest.raises(domain.UnknownPlaceholders) as refused:
        domain.check(GREETING, {"issue_id": "IS-0101", "isue": "x"})
    assert refused.value.details["unknown"] == ["isue"]


def test_rendering_never_leaves_a_gap():
    with pytest.raises(domain.MissingPlaceholders):
        domain.render(GREETING, Language.CHINESE, {"issue_id": "IS-0101"})


def test_braces_in_a_value_stay_as_they_are():
    text = domain.render(GREETING, Language.CHINESE, {"issue_id": "{name}", "name": "王小梅"})
    assert text == "【滨湖世纪社区】王小梅您好,{name}。"
