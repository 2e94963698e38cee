"""Categories as the specification's services, and their questions as its attributes."""

from collections.abc import Iterable, Mapping
from typing import Any

from services.issues.domain import Category
from services.issues.domain.questions import Question
from shared.errors import NotFound

REALTIME = "realtime"  # an id is answered at once; no tokens are handed out


def offered(categories: Iterable[Category]) -> dict[str, Category]:
    """Return what anybody may report, by code; who needs care is not told through other systems."""
    return {one.code: one for one in categories if one.active and not one.sensitive}


def told(categories: Iterable[Category]) -> dict[str, Category]:
    """Return what public issues may be about, by code: what may not be reported any more too."""
    return {one.code: one for one in categories if not one.sensitive}


def of_code(categories: Mapping[str, Category], code: str) -> Category:
    """Return one of the categories; raises NotFound, in the same words for those that are not told."""
    if code not in categories:
        raise NotFound(f"service_code {code} was not found; there are {', '.join(sorted(categories))}")
    return categories[code]


def service(category: Category) -> dict[str, Any]:
    """Tell of a category in the fields of the service list."""
    return {
        "service_code": category.code,
        "service_name": category.label_zh,
        "description": category.description_zh,
        "metadata": bool(category.questions),
        "type": REALTIME,
        "keywords": ",".join(category.keywords),
        "group": category.group_zh,
    }


def definition(category: Category) -> dict[str, Any]:
    """Tell of a category's questions in the fields of the service definition."""
    asked = enumerate(category.questions, start=1)
    return {"service_code": category.code, "attributes": [_attribute(order, one) for order, one in asked]}


def _attribute(order: int, question: Question) -> dict[str, Any]:
    values = [{"key": one.key, "name": one.name_zh} for one in question.values]
    return {
        "variable": True,
        "code": question.code,
        "datatype": question.datatype.value,
        "required": question.required,
        "datatype_description": None,
        "order": order,
        "description": question.label_zh,
        **({"values": values} if question.datatype.is_list else {}),
    }
