"""What a mistake makes of a right line is wrong, and is told to be that mistake."""

from itertools import islice
from random import Random

import pytest

from symbp.verification.diagnosis import Wrong, diagnose
from symbp.verification.mistakes.context import Context
from symbp.verification.mistakes.mistake import nothing
from symbp.verification.mistakes.table import HIDES, MISTAKES
from tests.verification.mistakes.networks import CASES

EACH = 4
"""Lines in which each mistake is made, at one place each."""

UNSEEN = {"M21", "M24", "M25", "M26", "M29", "M30"}
"""Mistakes that no derived line of these networks can show."""

MADE = [code for code, mistake in MISTAKES.items() if mistake.make is not nothing]


def variants(mistake, line, reference):
    """What ``mistake`` makes of a right line, where that is another value."""
    right = reference.print(line.rhs)
    context = Context(line.lhs, line.rhs, reference)
    made = list(mistake.make(line.rhs, context))
    return [each for each in made if reference.print(each.expr) not in (right, None)]


def slips(code):
    """Right lines in which a mistake is made, here and there."""
    random = Random(code)
    lines = [(case, line) for case in CASES for line in case.lines]
    random.shuffle(lines)
    for case, line in lines:
        if found := variants(MISTAKES[code], line, case.reference):
            yield case.reference, line, random.choice(found)


@pytest.mark.parametrize("code", sorted(set(MADE) - UNSEEN))
def test_a_mistake_is_told_by_its_code(code):
    found = list(islice(slips(code), EACH))
    assert found
    for reference, line, made in found:
        told = diagnose(Wrong(line.lhs, made.expr, (line.rhs,), reference))
        codes = {each.code for each in told}
        hidden = {other for each in codes for other in HIDES.get(each, ())}
        is_farfetched = MISTAKES[code].cost + made.cost > 0
        assert code in codes | hidden or (is_farfetched and codes), (line.id, made, codes)
        assert all(each.code not in hidden for each in told)
