"""The table for a person."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from benchmarks.figures import Contender, Curve, Experiment, Metric, Target, median

HEADINGS = ("figure", "who", "median", "least – most", "ours ÷ it", "guarantees")
NUMBERS = HEADINGS[2:5]
WIDTH = 200  # columns where nobody's terminal says how many


def show(done: Sequence[Experiment | Curve]) -> None:
    """Print what was measured."""
    console = Console(width=None if Console().is_terminal else WIDTH)
    experiments = [one for one in done if isinstance(one, Experiment)]
    if experiments:
        console.print(_table(experiments))
    for one in done:
        if isinstance(one, Curve):
            console.print(_curve(one))


def _table(experiments: Sequence[Experiment]) -> Table:
    table = Table(title="A ratio within one run counts; absolute figures are those of this machine at this moment")
    for heading in HEADINGS:
        table.add_column(heading, justify="right" if heading in NUMBERS else "left")
    for experiment in experiments:
        if experiment.metrics and experiment.metrics[0].label:
            table.add_row(experiment.title)
        for metric in experiment.metrics:
            for position, contender in enumerate(who for who in experiment.contenders if metric in who.samples):
                title = (metric.label or experiment.title) if position == 0 else ""
                promise = contender.guarantee if metric is experiment.metrics[0] else ""
                table.add_row(title, *_cells(experiment, contender, metric), promise)
        for contender in experiment.contenders:
            if contender.problem:
                table.add_row(experiment.title, contender.name, "[red]broken[/red]", "", "", contender.problem[:200])
        for target in experiment.targets:
            table.add_row(*_target(experiment, target))
        table.add_section()
    return table


def _cells(experiment: Experiment, contender: Contender, metric: Metric) -> tuple[str, ...]:
    samples, ours = contender.samples[metric], experiment.contenders[0]
    ratio = None if contender is ours else experiment.against_ours(contender, metric)
    return (
        contender.name,
        f"{short(median(samples))} {metric.unit}",
        f"{short(min(samples))} – {short(max(samples))}",
        "" if ratio is None else f"{ratio:.2f}",
    )


def _target(experiment: Experiment, target: Target) -> tuple[str, ...]:
    verdict = experiment.verdict(target)
    if verdict is None:
        return (f"[dim]target: {target.text}[/dim]", "", "[yellow]not measured[/yellow]", "", "", "")
    reached = f"{verdict.value:.2f} ×" if target.against else f"{short(verdict.value)} {target.metric.unit}"
    colour, word = ("green", "met") if verdict.met else ("red", "missed")
    against = f"the best is {verdict.against}" if len(target.against) > 1 else ""
    return (f"[dim]target: {target.text}[/dim]", against, f"[{colour}]{word}: {reached}[/{colour}]", "", "", "")


def _curve(curve: Curve) -> Table:
    """Return a table with a column for each size."""
    table = Table(title=f"as it grows: {curve.title}")
    table.add_column("who")
    table.add_column(f"{curve.axis}:")
    for at in curve.points:
        table.add_column(f"{at:,.0f}", justify="right")
    points = list(curve.points.values())
    for metric in points[0].metrics:
        label = f"{metric.label}, {metric.unit}" if metric.label else metric.unit
        for name in dict.fromkeys(one.name for point in points for one in point.contenders):
            rows = [point.samples_of(name, metric) for point in points]
            if any(rows):
                table.add_row(name, label, *(short(median(row)) if row else "–" for row in rows))
    return table


def short(value: float) -> str:
    """Return a number with three digits that say something."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
