"""Expressions survive copying and pickling, and nothing depends on PYTHONHASHSEED."""

import copy
import os
import pickle
import subprocess
import sys

import pytest
from sympy import Integer

from symbp.equations.axis import Axis, L, l
from symbp.equations.calculus import FunctionSymbol, Opaque
from symbp.equations.canonical import canonical
from symbp.equations.relocate import substitution
from symbp.equations.tensor import Role, Tensor, entries, tensor_of
from tests.equations.bare import PROGRAMS

HERE = Axis("unit", l)
ATOMS = [
    HERE.size,
    HERE.index("j"),
    HERE.index("k'"),
    Tensor("w", (Axis("unit", l - 1), HERE), Role.WEIGHT, l)[
        Axis("unit", l - 1).index("i"), HERE.index("j")
    ],
    Tensor("t", (Axis("sample", None, "n"),), Role.TARGET, labels=HERE)[Axis("sample").index("n")],
    Tensor("eta", role=Role.CONSTANT)[()],
    FunctionSymbol("f", Integer(3)),
    Opaque(FunctionSymbol("f", l), HERE.index("j"), 2),
]
WAYS = {
    "pickle": lambda e: pickle.loads(pickle.dumps(e)),
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("atom", ATOMS, ids=str)
def test_atoms_are_equal_to_their_copies(way, atom):
    twin = WAYS[way](atom)
    assert twin == atom
    assert hash(twin) == hash(atom)
    assert canonical(twin - atom) == 0


def test_a_copy_still_knows_its_tensor_and_axes():
    twin = pickle.loads(pickle.dumps(ATOMS[3]))
    assert tensor_of(twin) == tensor_of(ATOMS[3])
    assert tensor_of(twin).role is Role.WEIGHT
    assert [index.axis for index in twin.indices] == list(tensor_of(twin).axes)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", PROGRAMS)
def test_programs_are_equal_to_their_copies(way, name):
    assert WAYS[way](PROGRAMS[name]) == PROGRAMS[name]


def test_equal_axes_make_equal_indices_and_different_ones_do_not():
    assert Axis("unit", l).index("j") == HERE.index("j")
    assert Axis("unit", L).index("j") != HERE.index("j")
    assert Axis("unit", l, "q") == HERE, "how indices are called first is no property of an axis"
    assert HERE.size != Axis("unit", L).size


def test_letters_never_run_out():
    taken = []
    for _ in range(30):
        taken.append(HERE.fresh(taken))
    assert len(set(taken)) == 30
    assert [index.letter for index in taken[:9]] == ["i", "j", "k", "m", "p", "q", "r", "s", "i'"]


def test_another_place():
    moved = ATOMS[3].xreplace(substitution([ATOMS[3]], {l: Integer(4), l - 1: Integer(3)}))
    tensor = tensor_of(moved)
    assert tensor.place == 4
    assert [axis.place for axis in tensor.axes] == [3, 4]
    assert entries(moved) == [moved]


SCRIPT = """
from symbp.equations.canonical import canonical
from symbp.pipeline import derive
from tests.equations.bare import PROGRAMS, adjoint, at, wrts
for name, program in PROGRAMS.items():
    for tensor in wrts(program):
        print(name, tensor.key, adjoint(program, tensor, at(tensor)))
for name in ("mlp", "mnist"):
    print(derive(name).render("text", language="ja"))
print(derive("xor").emit())
"""


def test_output_does_not_depend_on_the_hash_seed():
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", SCRIPT],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        for seed in ("1", "4242")
    ]
    (one, trouble), (other, _) = (run.communicate(timeout=120) for run in runs)
    assert not trouble
    assert one
    assert one == other
