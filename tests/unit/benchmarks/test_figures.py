"""Ratios, turns and verdicts, on numbers that a person can check."""

import pytest

from benchmarks.figures import Contender, Experiment, Measured, Metric, Target, quantile, ratio

RATE = Metric(unit="events/s", more_is_better=True)
WAIT = Metric(unit="ms", label="p50")


def contender(name: str, *samples: Measured) -> Contender:
    left = iter(samples)
    return Contender(name=name, guarantee="", measure=lambda: next(left))


def taken(*contenders: Contender, repetitions: int = 1, targets: tuple[Target, ...] = ()) -> Experiment:
    experiment = Experiment(name="e", title="e", contenders=contenders, targets=targets)
    experiment.take(repetitions, lambda _: None)
    return experiment


def test_a_ratio_pairs_the_repetitions_so_that_a_busy_moment_cancels_out() -> None:
    assert ratio([100, 50, 10], [50, 25, 5]) == 2


def test_a_quantile_is_a_sample_that_was_really_taken() -> None:
    assert quantile([3, 1, 2], 0.5) == 2
    assert quantile([1, 2, 3], 0.99) == 3


def test_contenders_take_turns() -> None:
    turns: list[str] = []
    ours = Contender(name="ours", guarantee="", measure=lambda: (turns.append("ours"), {RATE: 1.0})[1])
    peer = Contender(name="peer", guarantee="", measure=lambda: (turns.append("peer"), {RATE: 1.0})[1])
    taken(ours, peer, repetitions=3)
    assert turns == ["ours", "peer"] * 3


def test_a_broken_contender_costs_its_own_row_only() -> None:
    experiment = taken(contender("ours", {RATE: 4.0}, {RATE: 4.0}), contender("peer", {RATE: 2.0}), repetitions=2)
    ours, peer = experiment.contenders
    assert ours.samples == {RATE: [4.0, 4.0]}
    assert (peer.samples, peer.problem) == ({}, "StopIteration: ")
    assert experiment.against_ours(peer, RATE) is None


def test_where_ours_is_broken_the_peers_keep_their_figures() -> None:
    experiment = taken(contender("ours"), contender("peer", {RATE: 2.0}), targets=(Target(metric=RATE, bound=1),))
    assert experiment.metrics == [RATE]
    assert experiment.verdict(experiment.targets[0]) is None


@pytest.mark.parametrize(("rate", "met"), [(6.0, True), (5.9, False)])
def test_a_target_against_peers_counts_the_best_of_them(rate: float, met: bool) -> None:
    target = Target(metric=RATE, bound=3, against=("slow", "fast"))
    experiment = taken(contender("ours", {RATE: rate}), contender("slow", {RATE: 1.0}), contender("fast", {RATE: 2.0}))
    verdict = experiment.verdict(target)
    assert verdict is not None
    assert (verdict.against, verdict.value, verdict.met) == ("fast", rate / 2, met)


def test_where_less_is_better_the_best_peer_is_the_quickest() -> None:
    target = Target(metric=WAIT, bound=1.3, against=("slow", "quick"))
    experiment = taken(contender("ours", {WAIT: 2.6}), contender("slow", {WAIT: 9.0}), contender("quick", {WAIT: 2.0}))
    verdict = experiment.verdict(target)
    assert verdict is not None
    assert (verdict.against, verdict.value, verdict.met) == ("quick", 1.3, True)


@pytest.mark.parametrize(("wait", "met"), [(15.0, True), (15.1, False)])
def test_a_target_without_peers_is_a_bound_on_the_median(wait: float, met: bool) -> None:
    verdict = taken(contender("ours", {WAIT: wait})).verdict(Target(metric=WAIT, bound=15))
    assert verdict is not None
    assert (verdict.value, verdict.met) == (wait, met)


def test_a_target_reads_as_a_sentence() -> None:
    assert Target(metric=WAIT, bound=15).text == "p50 ≤ 15 ms"
    assert Target(metric=RATE, bound=4, against=("nameko",)).text == "≥ 4 × nameko"
    assert Target(metric=RATE, bound=3, against=("a", "b")).text == "≥ 3 × the best of the peers"


def test_who_took_no_part_has_no_samples() -> None:
    experiment = taken(contender("ours", {RATE: 1.0}))
    assert experiment.samples_of("ours", RATE) == [1.0]
    assert experiment.samples_of("ours", WAIT) == experiment.samples_of("nobody", RATE) == []
