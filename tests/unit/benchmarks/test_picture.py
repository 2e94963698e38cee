"""What the picture shows is what was measured."""

from benchmarks.figures import Contender, Curve, Experiment, Measured, Metric, Target
from benchmarks.picture import Line, bars, ceiling, goals, lines
from benchmarks.results import of_curve, of_experiment

RATE = Metric(unit="events/s", more_is_better=True)
CPU = Metric(unit="µs", label="CPU of its processes, each")


def contender(name: str, *samples: Measured) -> Contender:
    left = iter(samples)
    return Contender(name=name, guarantee=f"promise of {name}", measure=lambda: next(left))


def taken(*contenders: Contender, targets: tuple[Target, ...] = ()) -> Experiment:
    experiment = Experiment(name="e", title="title", contenders=contenders, targets=targets)
    experiment.take(2, lambda _: None)
    return experiment


def test_bars_are_sorted_by_rate_and_leave_out_who_was_broken() -> None:
    slow = contender("slow", {RATE: 1.0, CPU: 9.0}, {RATE: 3.0, CPU: 9.0})
    fast = contender("fast", {RATE: 8.0}, {RATE: 10.0})
    first, second = bars(of_experiment(taken(slow, fast, contender("broken"))))
    assert (first.name, first.rate, first.least, first.most, first.cpu) == ("fast", 9.0, 8.0, 10.0, {})
    assert (second.name, second.guarantee, second.cpu) == ("slow", "promise of slow", {"the process": 9.0})


def test_lines_go_through_the_sizes_at_which_somebody_was_measured() -> None:
    points = {
        1.0: taken(contender("a", {RATE: 5.0}, {RATE: 5.0}), contender("b")),
        10.0: taken(contender("a", {RATE: 4.0}, {RATE: 4.0}), contender("b", {RATE: 2.0}, {RATE: 2.0})),
    }
    values = of_curve(Curve(name="c", title="t", axis="x", points=points))
    assert lines(values) == [
        Line(name="a", at=[1.0, 10.0], values=[5.0, 4.0]),
        Line(name="b", at=[10.0], values=[2.0]),
    ]
    assert lines(values, "no such label") == []


def test_a_goal_is_reached_to_a_share_above_one_whichever_way_it_points() -> None:
    experiment = taken(
        contender("ours", {RATE: 8.0, CPU: 50.0}, {RATE: 8.0, CPU: 50.0}),
        contender("peer", {RATE: 4.0}, {RATE: 4.0}),
        targets=(
            Target(metric=RATE, bound=4, against=("peer",)),
            Target(metric=CPU, bound=100),
            Target(metric=RATE, bound=1, against=("nobody",)),
        ),
    )
    missed, met = goals({"e": of_experiment(experiment)})
    assert (missed.share, missed.met, missed.reached) == (0.5, False, "2 ×")
    assert (met.share, met.met, met.reached) == (2.0, True, "50")


def test_the_ceiling_names_each_limit_with_its_rate() -> None:
    limits = of_experiment(taken(contender("publish", {RATE: 20_000.0, CPU: 1.0}, {RATE: 22_000.0, CPU: 1.0})))
    assert ceiling(limits) == "limits with a bare client: publish 21,000/s"
