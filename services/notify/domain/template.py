"""Templates: a text per language with placeholders and no logic (N6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter

from services.notify.domain.contact import Language
from shared.errors import InvalidInput, NotFound

SIGNATURE = "【滨湖世纪社区】"  # R18
OF_CONTACT = "name"  # the one placeholder that the contact fills


class MissingPlaceholders(InvalidInput):
    """The message would have a gap; the details name what is missing."""


class UnknownPlaceholders(InvalidInput):
    """The template has no place for something that was given."""


@dataclass(frozen=True, kw_only=True)
class Template:
    """A message: its title (the subject of an e-mail) and text, each by language."""

    name: str
    title: Mapping[Language, str]
    text: Mapping[Language, str]

    @property
    def placeholders(self) -> frozenset[str]:
        """The names between braces, the same in every language."""
        return placeholders_of(self.text[Language.CHINESE])


def placeholders_of(text: str) -> frozenset[str]:
    """Return the placeholders of a text; raises ValueError for one that is more than a plain name."""
    names = set()
    for _, name, form, conversion in Formatter().parse(text):
        if name is None:
            continue
        if not name.isidentifier() or form or conversion:
            raise ValueError(f"a placeholder is a plain name, not {{{name}}} with further marks")
        names.add(name)
    return frozenset(names)


def missing(template: Template, params: Mapping[str, str]) -> frozenset[str]:
    """Return the placeholders that neither the parameters nor the contact fill."""
    return template.placeholders - params.keys() - {OF_CONTACT}


def check(template: Template, params: Mapping[str, str]) -> None:
    """Refuse parameters that leave a gap or have no place; raises MissingPlaceholders, UnknownPlaceholders."""
    if gaps := missing(template, params):
        raise MissingPlaceholders(f"{template.name} is not complete", template=template.name, missing=sorted(gaps))
    if strangers := params.keys() - template.placeholders:
        raise UnknownPlaceholders(
            f"{template.name} has no such place",
            template=template.name,
            unknown=sorted(strangers),
            allowed=sorted(template.placeholders),
        )


def render(template: Template, language: Language, params: Mapping[str, str]) -> str:
    """Fill the text and sign it; raises MissingPlaceholders."""
    if gaps := template.placeholders - params.keys():
        raise MissingPlaceholders(f"{template.name} is not complete", template=template.name, missing=sorted(gaps))
    return SIGNATURE + template.text[language].format_map(params)


def find(templates: Mapping[str, Template], name: str) -> Template:
    """Return the template of that name; raises NotFound."""
    if name not in templates:
        raise NotFound(f"there is no template {name}", kind="Template", id=name)
    return templates[name]
