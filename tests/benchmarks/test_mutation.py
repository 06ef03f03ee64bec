"""The mutation benchmark's own ground, and a sample of what it measures.

All of it: ``python -m tests.benchmarks.mutation``.
"""

import pytest

from tests.benchmarks.mutation import paper
from tests.benchmarks.mutation.claims import judge
from tests.benchmarks.mutation.documents import read
from tests.benchmarks.mutation.programs import is_right, programs

MOST = 60  # as many as a minute allows


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


@pytest.mark.slow
def test_a_sample_of_mutants():
    from tests.benchmarks.mutation.tables import Totals, misses, summary
    from tests.benchmarks.mutation.trial import attempts, every, originals, sample

    mutants, undecided = every(("paper", "code"))
    assert len(mutants) >= 5000
    before = list(attempts(list(originals(("paper", "code")))[::4], 2))
    outcomes = list(attempts(sample(mutants, MOST, 0), 2))
    print(summary(before, outcomes, undecided))
    print(misses(before, outcomes))
    totals = Totals.of(outcomes)
    assert not any(o.alarm for o in before)
    assert totals.alarms == 0
    assert totals.caught == totals.wrong
    assert totals.coded >= 0.95 * totals.caught
