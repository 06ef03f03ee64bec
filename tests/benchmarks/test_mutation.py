"""The mutation benchmark's own ground, and a sample of what it measures.

All of it: ``python -m tests.benchmarks.mutation``.
"""

from itertools import islice

import pytest

from symbp.verification.verdict import Verdict
from tests.benchmarks.mutation import layers, paper
from tests.benchmarks.mutation.claims import judge
from tests.benchmarks.mutation.documents import read
from tests.benchmarks.mutation.programs import is_right, programs
from tests.benchmarks.mutation.tables import Totals

FEW = 16
MOST = 400


@pytest.mark.parametrize("name", sorted(paper.derivations()))
def test_a_derivation_is_right(name):
    source, spec = paper.derivations()[name]
    claims = 0
    for formula in read(source, spec):
        for member in formula.chain.members[1:] if formula.chain and not formula.given else ():
            held = judge(formula.left, member, spec).holds
            assert held is not False, source[formula.start : formula.end]
            claims += held is True
    assert claims >= 6


@pytest.mark.parametrize("name", sorted(programs()))
def test_a_program_is_right(name):
    assert is_right(*programs()[name])


def test_there_are_enough():
    assert len(paper.derivations()) >= 40
    assert len(programs()) >= 30


def told_of_mutants(most, every_nth):
    """Right files that are refuted, of every so many, and what a sample of mutants is told."""
    from tests.benchmarks.mutation.tables import misses, summary
    from tests.benchmarks.mutation.trial import attempts, every, originals, sample

    mutants, undecided = every(("paper", "code"))
    assert len(mutants) >= 5000
    before = list(attempts(list(originals(("paper", "code")))[::every_nth], 2))
    outcomes = list(attempts(sample(mutants, most, 0), 2))
    print(summary(before, outcomes, undecided))
    print(misses(before, outcomes))
    return [o for o in before if o.alarm], Totals.of(outcomes)


@pytest.mark.slow
def test_a_sample_of_mutants():
    """No false alarm; nearly all that is wrong is refuted. See the long test for the aim."""
    alarms, totals = told_of_mutants(FEW, 8)
    assert alarms == []
    assert totals.alarms == 0
    assert totals.caught >= 0.8 * totals.wrong
    assert totals.coded >= 0.8 * totals.caught


@pytest.mark.long
def test_all_mutants_are_caught():
    """The aim: everything wrong is refuted, and called what it is."""
    _, totals = told_of_mutants(MOST, 4)
    assert totals.caught == totals.wrong
    assert totals.coded >= 0.95 * totals.caught


LAYERS = ("RNN", "LSTM", "batch normalisation", "attention", "skip connection", "convolution")


def told_of_layers(names, each):
    """How many right lines are refuted, and of how many wrong ones which are not."""
    alarms, missed, count = [], [], 0
    for name in names:
        for right, wrong in islice(layers.pages(name), each):
            count += 1
            if right.verdict() is Verdict.REFUTED:
                alarms.append(right.line)
            if wrong.verdict() is not Verdict.REFUTED:
                missed.append((name, wrong.slip, wrong.line))
    print(f"{count} mutants of lines about layers, {len(missed)} not refuted: {missed}")
    return alarms, missed, count


@pytest.mark.slow
def test_a_sample_of_lines_about_layers():
    """No false alarm, and what is wrong is refuted; some slips change nothing, as ∂z/∂u = 1."""
    alarms, missed, count = told_of_layers(LAYERS[::2], 2)
    assert alarms == []
    assert len(missed) <= 0.1 * count


@pytest.mark.long
def test_many_lines_about_layers():
    alarms, missed, count = told_of_layers(LAYERS, 25)
    assert alarms == []
    assert len(missed) <= 0.05 * count
