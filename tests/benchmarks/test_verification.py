"""Sixty equations take little longer to verify than it takes to start."""

import pytest

from tests.benchmarks.verification import CASES, EQUATIONS, measure, table
from tests.machine import in_time

SECONDS = 6
"""Twice what is usual: caches may be cold."""


@pytest.fixture(scope="module")
def measured():
    best = measure(enough=SECONDS)
    print(table(best))
    return best


@pytest.mark.slow
@pytest.mark.parametrize("name", [case.name for case in CASES])
def test_sixty_equations_take_seconds(measured, name):
    run = measured[name]
    assert sum(run.verdicts.values()) == EQUATIONS
    assert in_time(run.seconds, SECONDS)


@pytest.mark.slow
def test_pages_are_what_they_are_called(measured):
    assert not measured["general"].verdicts["refuted"]
    assert not measured["concrete"].verdicts["refuted"]
    assert not any(run.verdicts["not_understood"] for run in measured.values())
    assert measured["slips"].verdicts["refuted"] >= 6
