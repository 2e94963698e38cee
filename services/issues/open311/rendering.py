"""One value as the specification wants it in JSON and in XML: a list is the plural, its parts the singular."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from xml.etree import ElementTree as ET

from shared.http import Problem, Reply, Request

JSON, XML = "json", "xml"
CONTENT_TYPES = {JSON: "application/json; charset=utf-8", XML: "text/xml; charset=utf-8"}
STATUS = {401: 403, 409: 400}  # 403 for a wrong key, 400 for whatever else cannot be done: the specification
PARTS = {  # what an element of a list is called in XML
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "service_request_updates": "request_update",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
}
NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, production 2


def render(root: str, value: Any, form: str, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Reply:
    """Word a value: JSON leaves the root out, XML names it."""
    body = _xml(root, value) if form == XML else json.dumps(_plain(value), ensure_ascii=False)
    return Reply(body=body, content_type=CONTENT_TYPES[form], status=status, headers=dict(headers or {}))


def refused(request: Request, problem: Problem) -> Reply:
    """Word what went wrong as the specification's list of errors, in the format that was asked for."""
    status = STATUS.get(problem.status, problem.status)
    errors = [{"code": status, "description": sentence} for sentence in problem.sentences]
    return render("errors", errors, _form(request), status=status, headers=problem.headers)


def _form(request: Request) -> str:
    """Return the format a path ends in; XML, which every client must take, where it names none of ours."""
    ending = request.url.rpartition(".")[2].lower()
    return ending if ending in CONTENT_TYPES else XML


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return moment(value) if isinstance(value, datetime) else value


def moment(value: datetime) -> str:
    """Write a date-time as the W3C's note has it, to the second and with its zone."""
    return value.isoformat(timespec="seconds")


def _xml(root: str, value: Any) -> bytes:
    element = ET.Element(root)
    _fill(element, value)
    text: bytes = ET.tostring(element, encoding="utf-8", xml_declaration=True)
    return text


def _fill(element: ET.Element, value: Any) -> None:
    if isinstance(value, Mapping):
        for name, one in value.items():
            _fill(ET.SubElement(element, name), one)
    elif isinstance(value, list | tuple):
        for one in value:
            _fill(ET.SubElement(element, PARTS[element.tag]), one)
    elif value is not None:
        element.text = NOT_IN_XML.sub("\ufffd", _text(value))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return moment(value) if isinstance(value, datetime) else str(value)
