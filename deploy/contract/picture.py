"""The states of an issue as a picture (SVG): the table says which arrows there are, this file where they are drawn."""

from dataclasses import dataclass
from html import escape
from math import fsum  # the sum of floats differs between versions of Python, this one does not

from deploy.contract.transitions import NAMES, START, Arrow, arrows
from services.issues.domain.states import STAGES, STATE_ZH, IssueState

WIDTH, HEIGHT = 1780, 900  # px
BOX_WIDTH, BOX_HEIGHT = 148, 50  # px
GROUP_WIDTH = 196  # px
STAGE_FILL = ("#e8eef7", "#d9ecff", "#fff1cf", "#ffe0b8", "#e6dcf7", "#dcefdc")
PLACES = {
    START: (110, 420),
    "rejected": (110, 60),
    "needs_info": (110, 190),
    "reported": (110, 330),
    "merged": (270, 500),
    "triaged": (400, 330),
    "returned": (470, 60),
    "dispatched": (640, 190),
    "arbitrating": (830, 60),
    "in_progress": (970, 330),
    "deliberating": (670, 510),
    "in_project": (760, 680),
    "mediating": (1060, 520),
    "suspended": (1255, 440),
    "handled": (1220, 330),
    "resolved": (1440, 330),
    "closed": (1690, 330),
    "unsolved": (1130, 740),
    "unhandled": (1130, 840),
    "force_closed": (1450, 640),
    "handed_over": (1450, 740),
    "withdrawn": (1450, 840),
    "ended": (1660, 560),
    "archived": (1660, 690),
}
# How far an arrow is bent to its left (px), and at which part of it the commands stand.
STRAIGHT, PAIR = (0, 0.5), (24, 0.5)  # alone, and one of two in opposite directions
BENT = {
    ("reported", "needs_info"): (-34, 0.5),
    ("needs_info", "reported"): (-34, 0.5),
    ("needs_info", "triaged"): (0, 0.45),
    ("reported", "rejected"): (-120, 0.6),
    ("reported", "merged"): (26, 0.42),
    ("merged", "reported"): (26, 0.42),
    ("merged", "triaged"): (24, 0.42),
    ("triaged", "merged"): (24, 0.42),
    ("merged", "in_progress"): (0, 0.12),
    ("triaged", "in_progress"): (24, 0.5),
    ("in_progress", "triaged"): (0, 0.5),
    ("triaged", "deliberating"): (30, 0.7),
    ("deliberating", "triaged"): (22, 0.3),
    ("in_progress", "deliberating"): (16, 0.68),
    ("deliberating", "in_progress"): (16, 0.62),
    ("triaged", "in_project"): (-40, 0.72),
    ("in_project", "triaged"): (90, 0.42),
    ("in_progress", "in_project"): (-6, 0.55),
    ("in_project", "in_progress"): (-40, 0.28),
    ("in_progress", "handled"): (24, 0.5),
    ("handled", "in_progress"): (18, 0.3),
    ("in_progress", "suspended"): (10, 0.62),
    ("suspended", "in_progress"): (14, 0.4),
    ("in_progress", "mediating"): (26, 0.8),
    ("mediating", "in_progress"): (26, 0.5),
    ("in_project", "resolved"): (-120, 0.45),
    ("in_progress", "resolved"): (64, 0.5),
    ("resolved", "in_progress"): (-118, 0.5),
    ("closed", "in_progress"): (-190, 0.5),
    ("force_closed", "in_progress"): (30, 0.4),
}


@dataclass(frozen=True)
class Curve:
    """A quadratic curve between two boxes, as far as it is outside of both."""

    start: tuple[float, float]
    middle: tuple[float, float]
    end: tuple[float, float]

    def at(self, part: float) -> tuple[float, float]:
        """Return the point after this part of the way."""
        weights = ((1 - part) ** 2, 2 * part * (1 - part), part**2)
        points = (self.start, self.middle, self.end)
        x, y = (fsum(weight * point[axis] for weight, point in zip(weights, points, strict=True)) for axis in (0, 1))
        return x, y


def draw() -> str:
    """Return the picture; raises KeyError for a state that has no place."""
    lines = [_arrow(arrow) for arrow in arrows()]
    boxes = [_state(state) for state in IssueState]
    groups = [_group(name) for name in NAMES if name in PLACES]
    words = [_words(arrow) for arrow in arrows()]
    return "\n".join([HEAD, *lines, _start(), *boxes, *groups, *words, "</svg>", ""])


HEAD = f"""\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="14">
<title>The states of an issue</title>
<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>"""


def _bent(arrow: Arrow) -> tuple[int, float]:
    back = any((other.source, other.target) == (arrow.target, arrow.source) for other in arrows())
    return BENT.get((arrow.source, arrow.target), PAIR if back else STRAIGHT)


def _curve(arrow: Arrow) -> Curve:
    (x1, y1), (x2, y2) = PLACES[arrow.source], PLACES[arrow.target]
    bend, _ = _bent(arrow)
    length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
    away = 2 * bend / length  # the curve's own middle is half as far out as its control point
    middle = ((x1 + x2) / 2 + (y2 - y1) * away, (y1 + y2) / 2 - (x2 - x1) * away)
    return Curve((x1, y1), middle, (x2, y2))


def _outside(arrow: Arrow) -> tuple[float, float]:
    """Return the part of the way where the arrow leaves its source, and where it meets its target."""
    curve, steps = _curve(arrow), [step / 400 for step in range(401)]
    leaves = next(part for part in steps if not _within(curve.at(part), arrow.source))
    meets = next(part for part in reversed(steps) if not _within(curve.at(part), arrow.target))
    return leaves, meets


def _within(point: tuple[float, float], name: str) -> bool:
    (x, y), (width, height) = PLACES[name], _size(name)
    return abs(point[0] - x) <= width / 2 and abs(point[1] - y) <= height / 2


def _size(name: str) -> tuple[int, int]:
    if name == START:
        return 16, 16
    return (GROUP_WIDTH if name in NAMES else BOX_WIDTH), BOX_HEIGHT


def _arrow(arrow: Arrow) -> str:
    curve, (leaves, meets) = _curve(arrow), _outside(arrow)
    points = [curve.at(leaves + (meets - leaves) * step / 24) for step in range(25)]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline points="{path}" fill="none" stroke="#5b6470" stroke-width="1.4"/>\n{_head(points)}'


def _head(points: list[tuple[float, float]]) -> str:
    """Return the head of an arrow, in the direction of its last piece."""
    (x0, y0), (x, y) = points[-2], points[-1]
    length = ((x - x0) ** 2 + (y - y0) ** 2) ** 0.5
    dx, dy = (x - x0) / length * 10, (y - y0) / length * 10
    corners = ((x, y), (x - dx - dy * 0.4, y - dy + dx * 0.4), (x - dx + dy * 0.4, y - dy - dx * 0.4))
    return f'<polygon points="{" ".join(f"{a:.1f},{b:.1f}" for a, b in corners)}" fill="#5b6470"/>'


def _words(arrow: Arrow) -> str:
    _, part = _bent(arrow)
    leaves, meets = _outside(arrow)
    x, y = _curve(arrow).at(leaves + (meets - leaves) * part)
    top = y + 4 - 7.5 * (len(arrow.commands) - 1)
    return "\n".join(_halo(x, top + 15 * line, command) for line, command in enumerate(arrow.commands))


def _halo(x: float, y: float, word: str) -> str:
    """Write a word on a white ground, so that it is legible over a line."""
    where = f'x="{x:.1f}" y="{y:.1f}" font-size="12" text-anchor="middle"'
    return f'<text {where} stroke="#ffffff" stroke-width="5">{word}</text><text {where} fill="#1d3557">{word}</text>'


def _start() -> str:
    x, y = PLACES[START]
    return f'<circle cx="{x}" cy="{y}" r="8" fill="#222222"/>'


def _state(state: IssueState) -> str:
    x, y = PLACES[state]
    fill = STAGE_FILL[STAGES[state].number - 1]
    return _box(x, y, BOX_WIDTH, f'fill="{fill}"') + _label(x, y, STATE_ZH[state], state.value)


def _group(name: str) -> str:
    x, y = PLACES[name]
    dashed = 'fill="#f7f7f7" stroke-dasharray="6 4"'
    return _box(x, y, GROUP_WIDTH, dashed) + _text(x, y + 5, NAMES[name], "#222222")


def _box(x: int, y: int, width: int, look: str) -> str:
    where = f'x="{x - width / 2:.0f}" y="{y - BOX_HEIGHT / 2:.0f}" width="{width}" height="{BOX_HEIGHT}"'
    return f'<rect {where} rx="9" stroke="#222222" {look}/>'


def _label(x: int, y: int, upper: str, lower: str) -> str:
    return _text(x, y - 3, upper, "#222222") + _text(x, y + 16, lower, "#222222")


def _text(x: float, y: float, words: str, fill: str) -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="middle" fill="{fill}">{escape(words)}</text>'
