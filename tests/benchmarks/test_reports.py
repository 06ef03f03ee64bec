"""The reports of the benchmark hold what was measured, here made up."""

import re
from dataclasses import replace

import pytest

from tests.benchmarks import deriving, training
from tests.benchmarks.peers.table import PEERS
from tests.benchmarks.race import Race, Timing
from tests.benchmarks.workloads import WORKLOADS


def made_up():
    times = {"symbp": (3e-3, 2e-3, 4e-3), "handmade": (1e-3, 1e-3, 5e-3), "jax": (4e-3,)}
    beside = {"symbp": (1.0,), "handmade": (2.0, 2.0, 0.4), "jax": (0.5,)}
    timings = {name: Timing(seconds, beside[name], 100.4) for name, seconds in times.items()}
    return [
        Race(WORKLOADS["W2"], timings, {"sklearn": "loss 1 is 2, not 3"}, 1e12),
        Race(WORKLOADS["W5"], {k: timings[k] for k in ("symbp", "handmade")}, {}, 1e12),
    ]


def cells(text, name):
    """Those of the rows of ``name``, a list a table."""
    return [
        row.split(" | ")[1:] for row in re.findall(rf"^\| ({name} \|.*) \|$", text, re.MULTILINE)
    ]


def test_the_report_holds_what_was_measured():
    plan = training.Plan(peers=("symbp", "handmade", "jax", "sklearn"), rounds=3)
    text = training.document(made_up(), plan, ["a machine"])
    _, beside, micro, rate, memory = cells(text, "W2")
    assert beside == ["1.00", "2.00", "0.50"]
    assert micro == ["2,000 (3,000)", "1,000 (1,000)", "4,000 (4,000)"]
    flops = WORKLOADS["W2"].flops
    assert rate[1] == f"{flops / 1e6:.3g} ({100 * flops / 1e9:.0f} %)"
    assert memory == ["100"] * 3
    assert cells(text, "W5")[1] == ["1.00", "2.00", "–"]
    assert "- scikit-learn, W2: not timed, since it is wrong: loss 1 is 2, not 3" in text
    assert "- a machine" in text


def test_what_is_not_installed_is_named(monkeypatch):
    absent = replace(PEERS["jax"], needs="never_installed")
    monkeypatch.setattr(training, "PEERS", {**PEERS, "jax": absent})
    races = [replace(each, timings={"symbp": each.timings["symbp"]}) for each in made_up()]
    text = training.document(races, training.Plan(peers=("symbp", "jax")), [])
    assert "- jax.jit a step: not installed here." in text


def test_the_plot_has_a_bar_for_each_time_but_the_first():
    svg = training.plot(made_up(), ["symbp", "handmade", "jax"])
    assert svg.count('height="8"') == 3
    widths = [float(w) for w in re.findall(r'width="([\d.]+)" height="8"', svg)]
    assert widths[1] == pytest.approx(2 * widths[0], abs=0.3)  # 4 times and twice as long
    assert widths[2] == widths[0]


def test_the_report_on_deriving_holds_what_was_measured():
    best = {("layers", "symbp", 2): 0.5, ("layers", "symbp", 200): 1.0}
    best |= {("layers", "jax & co", 2): 0.75, ("layers", "jax & co", 200): 6.0}
    text = deriving.document(best, [], 3, "wall")
    assert cells(text, "2") == [["0.50", "0.75"]]
    assert cells(text, "200") == [["1.00", "6.00"]]
    svg = deriving.plot(best)
    assert svg.count("<polyline") == 2
    assert "jax &amp; co" in svg


def test_commands_that_derive_run(tmp_path):
    own = deriving.commands(tmp_path, width=5, depth=3)
    assert "[[layers]]\nunits = 5" in next(tmp_path.glob("*.toml")).read_text("utf-8")
    assert deriving.widths(5, 3) == (5, 5, 5, 10)
    assert deriving._seconds(own["symbp, module"], "processor") > 0
