"""Long runs try every case; the others, a sample of them."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import pytest


def sampled(cases: Iterable[Any], sample: Collection[Any]) -> list[Any]:
    """All ``cases``, of which those outside of ``sample`` take part in long runs alone."""
    return [pytest.param(*_parts(c), marks=[pytest.mark.long] * (c not in sample)) for c in cases]


def each(step: int, cases: Sequence[Any]) -> list[Any]:
    """All ``cases``, of which only each ``step``-th one takes part in other runs than long ones."""
    return sampled(cases, cases[::step])


def _parts(case: Any) -> tuple[Any, ...]:
    return case if isinstance(case, tuple) else (case,)
