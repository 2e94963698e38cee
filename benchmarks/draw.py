"""Draw results.png; run in the environment of the peers, where matplotlib is."""

import json
from pathlib import Path
from textwrap import wrap
from typing import Any

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from benchmarks.picture import WHO_PAYS, Bar, Goal, bars, ceiling, goals, lines

HERE = Path(__file__).parent
# Okabe and Ito's palette, which colour-blind people tell apart; each has a marker of its own too
LOOKS = {
    "linli": ("#0072B2", "o"),
    "nameko": ("#E69F00", "s"),
    "FastStream": ("#009E73", "^"),
    "Celery": ("#CC79A7", "v"),
    "dramatiq": ("#D55E00", "D"),
}
OTHER = ("#777777", "x")
PAYS = dict(zip(WHO_PAYS.values(), ("#0072B2", "#56B4E9", "#BBBBBB"), strict=True))
CURVES = (  # name, label of the figure, what the axis says, whether it is logarithmic
    ("load", "p99", "p99, ms from sent to committed", True),
    ("payload", "", "events/s", False),
    ("backlog", "", "events/s", False),
    ("batch", "", "events/s", True),
    ("replicas", "", "events/s", False),
    ("load", "CPU of its processes, each", "µs on a core, an event", False),
)


def main() -> None:
    """Draw what results.json holds."""
    results = json.loads((HERE / "results.json").read_text(encoding="utf-8"))
    if "handling" not in results.get("experiments", {}):
        return  # it is what the picture is about
    plt.rcParams.update({"font.size": 9, "axes.spines.top": False, "axes.spines.right": False})
    figure = plt.figure(figsize=(14, 15.5), layout="constrained")
    top, middle, bottom = figure.subfigures(3, 1, height_ratios=[4.2, 4.3, 7])
    handled = bars(results["experiments"]["handling"])
    rates, costs = top.subplots(1, 2, width_ratios=[3, 2])
    _rates(rates, handled)
    if "limits" in results["experiments"]:
        rates.set_xlabel("\n".join(wrap(ceiling(results["experiments"]["limits"]), 110)), loc="left")
    _costs(costs, handled)
    _goals(middle.subplots(), list(goals(results["experiments"])))
    for axes, curve in zip(bottom.subplots(2, 3).flat, CURVES, strict=True):
        _curve(axes, results.get("curves", {}), curve)
    taken = results["experiments"]["handling"]
    machine, commit = results["machine"], taken["commit"]
    figure.suptitle(
        f"Linli beside real packages: same RabbitMQ, same MongoDB, same event · {machine['cores']} cores, "
        f"load {taken['load_at_the_end'][1]:g} with everybody on them, commit {commit}, {taken['taken_at'][:10]}\n"
        "ratios within a run count; absolute figures are this machine's",
        fontsize=11,
    )
    figure.savefig(HERE / "results.png", dpi=110)


def _rates(axes: Axes, handled: list[Bar]) -> None:
    names = [bar.name for bar in handled]
    values = [bar.rate for bar in handled]
    spread = [[bar.rate - bar.least for bar in handled], [bar.most - bar.rate for bar in handled]]
    axes.barh(names, values, xerr=spread, color=[look(name)[0] for name in names], ecolor="#444444", height=0.5)
    for place, bar in enumerate(handled):
        axes.text(0, place - 0.3, f"{bar.rate:,.0f}/s · {bar.guarantee}", va="bottom", fontsize=8.5)
    axes.invert_yaxis()
    axes.set_title(
        "events handled a second, one document each, queue filled before: median, least – most", loc="left", pad=14
    )


def _costs(axes: Axes, handled: list[Bar]) -> None:
    left = [0.0] * len(handled)
    for who, colour in PAYS.items():
        values = [bar.cpu.get(who, 0.0) for bar in handled]
        axes.barh(range(len(handled)), values, left=left, label=who, color=colour, height=0.5)
        left = [before + value for before, value in zip(left, values, strict=True)]
    shown = 1.3 * sorted(left)[-2:][0]  # the most costly one goes beyond the edge rather than flatten the others
    for place, total in enumerate(left):
        axes.text(min(total, shown) * 0.99, place - 0.3, f"{total:,.0f}", va="bottom", ha="right", fontsize=8.5)
    axes.set_xlim(0, shown)
    axes.set_yticks(range(len(handled)), [""] * len(handled))
    axes.invert_yaxis()
    axes.legend(frameon=False, loc="upper center", bbox_to_anchor=(0.5, -0.08), ncols=len(PAYS))
    axes.set_title("who pays for an event: µs on a core", loc="left", pad=14)


def _goals(axes: Axes, found: list[Goal]) -> None:
    for place, goal in enumerate(found):
        colour, marker = ("#0072B2", "o") if goal.met else ("#D55E00", "X")
        axes.plot([1, goal.share], [place, place], color=colour, linewidth=2)
        axes.plot(goal.share, place, marker=marker, color=colour, markersize=8)
        side, start = (8, "left") if goal.share >= 1 else (-8, "right")
        axes.annotate(
            goal.reached,
            (goal.share, place),
            (side, 0),
            textcoords="offset points",
            va="center",
            ha=start,
            fontsize=8.5,
        )
    axes.axvline(1, color="#444444", linewidth=1)
    axes.set_yticks(range(len(found)), [goal.text for goal in found])
    axes.set_xscale("log", base=2)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g} ×"))
    axes.margins(x=0.15)
    axes.invert_yaxis()
    axes.set_title("targets: right of the line (●) is met, left of it (✖) is missed; reached ÷ asked for", loc="left")


def _curve(axes: Axes, curves: dict[str, Any], which: tuple[str, str, str, bool]) -> None:
    name, label, says, logarithmic = which
    if name not in curves:
        axes.set_axis_off()
        return
    curve = curves[name]
    for line in lines(curve, label):
        colour, marker = look(line.name)
        axes.plot(line.at, line.values, color=colour, marker=marker, label=line.name)
    if name != "replicas":
        axes.set_xscale("log")
    if logarithmic:
        axes.set_yscale("log")
    else:
        axes.margins(y=0.1)
        axes.set_ylim(bottom=0)
    ticks = [point["at"] for point in curve["points"]]
    axes.set_xticks(ticks, [f"{tick / 1000:g}k" if tick >= 1000 else f"{tick:g}" for tick in ticks])
    axes.minorticks_off()
    axes.set_xlabel(f"{curve['title']} ({curve['axis']})")
    axes.set_ylabel(says)
    axes.legend(frameon=False, fontsize=8)


def look(name: str) -> tuple[str, str]:
    """Return colour and marker of a contender, the same wherever it appears."""
    return next((style for begin, style in LOOKS.items() if name.startswith(begin)), OTHER)


if __name__ == "__main__":
    main()
