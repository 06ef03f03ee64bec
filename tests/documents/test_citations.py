"""What a line cites is what it says: the definition of just that quantity, in just that layer."""

from __future__ import annotations

import re
from functools import cache
from itertools import product

import pytest
from sympy import Integer

from symbp import derive, gallery
from symbp.derivation.unroll import MARKS
from symbp.documents.telling import told
from symbp.documents.words import LANGUAGES
from symbp.equations.axis import l
from symbp.equations.tensor import Role, entries, tensor_of
from tests.documents.test_layers_in_general import MANY
from tests.documents.test_layers_in_general import NETWORKS as DEEP
from tests.layers.networks import NETWORKS as SMALL
from tests.layers.networks import derived as small
from tests.sampling import each

DEEP_NAMES = [f"deep {name}" for name in DEEP]
NAMES = [*DEEP_NAMES, *SMALL, *gallery.names(), *gallery.graphs()]

BLANK = re.compile(
    r"\bby \.|, [.:]|\(\)|\b(Insert|Differentiate) ( |\.)|  より|^ *(を|により|を代入)",
    re.MULTILINE,
)
"""What is left of a sentence whose numbers are missing."""


@cache
def made(name, second_order=False):
    if name in SMALL:
        return small(name)
    deep = name.removeprefix("deep ")
    return derive(DEEP[deep](MANY) if deep in DEEP else name, second_order=second_order)


@cache
def concrete(name):
    """Where the depth is left open, an instance: no next layer is like this one, or the last."""
    found = made(name)
    return derive(found.network.concrete) if found.network.is_general else found


def instances(tensor, row, last=False):
    """The tensor by its name, and the layers that it is of when a line is about a row of them."""
    name = tensor.name
    for mark in MARKS:
        name = name.removeprefix(mark)
    if row is None or tensor.place is None or not row.last.is_Integer:
        return {(name, len(tensor.axes), tensor.place)}
    places = range(int(row.last if last else row.first), int(row.last) + 1, row.step)
    return {(name, len(tensor.axes), tensor.place.xreplace({l: Integer(p)})) for p in places}


def are_cited(lesson, line, tensors, last=False):
    """Whether the lines that ``line`` cites are about all of ``tensors``."""
    by_number = {each.number: each for each in lesson.lines}
    cited = [by_number[number] for number in line.uses]
    said = [instances(tensor_of(each.lhs), each.condition) for each in cited]
    wanted = [instances(tensor, line.condition, last) for tensor in tensors]
    return set().union(*wanted) <= set().union(*said)


@pytest.mark.parametrize("name", NAMES)
def test_definitions(name):
    lesson = concrete(name).lesson
    for line in lesson.lines:
        if line.told == "unfold":
            assert are_cited(lesson, line, [tensor_of(line.facts["of"])]), line


@pytest.mark.parametrize("name", NAMES)
def test_names_of_derivatives(name):
    """Of a row of layers the last: those behind the others may get their names further down."""
    lesson = concrete(name).lesson
    for line in lesson.lines:
        if line.told == "insert_delta" and told(line) is None:
            deltas = [t for t in map(tensor_of, entries(line.rhs)) if t.role is Role.DELTA]
            assert are_cited(lesson, line, deltas, last=True), line


@pytest.mark.parametrize("name", [*DEEP_NAMES, *each(3, NAMES[len(DEEP_NAMES) :])])
def test_no_citation_is_empty(name):
    assert BLANK.findall(made(name).render("text")) == []


@pytest.mark.parametrize(("name", "language"), each(2, tuple(product(DEEP_NAMES, LANGUAGES))))
def test_nor_is_one_about_second_derivatives(name, language):
    assert BLANK.findall(made(name, second_order=True).render("text", language=language)) == []
