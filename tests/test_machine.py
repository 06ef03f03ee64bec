"""Limits of time are those of a quiet machine, whatever this one is busy with."""

import pytest

from tests import machine


@pytest.mark.parametrize(
    ("measured", "seconds", "holds"),
    [
        (machine.QUIET, 1.0, True),
        (machine.QUIET, 1.1, False),
        (2 * machine.QUIET, 1.9, True),
        (2 * machine.QUIET, 2.1, False),
        (machine.QUIET / 2, 0.9, True),
        (machine.QUIET / 2, 1.1, False),
    ],
)
def test_a_limit_grows_with_what_the_reference_takes(monkeypatch, measured, seconds, holds):
    monkeypatch.setattr(machine, "_measured", lambda _: measured)
    assert machine.in_time(seconds, 1.0) is holds


def test_what_keeps_to_the_limit_is_not_measured(monkeypatch):
    monkeypatch.setattr(machine, "_measured", lambda _: pytest.fail("measured"))
    assert machine.in_time(0.5, 1.0)


def test_the_reference_knows_nothing_of_symbp():
    assert "symbp" not in machine.WORK
    assert machine.reference(1) > 0
