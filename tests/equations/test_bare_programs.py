"""The calculus on programs without layers: SymPy's derivatives against those of the numbers."""

import pytest
from sympy import KroneckerDelta, Piecewise, Sum

from symbp.equations.axis import total
from symbp.equations.calculus import Partial
from symbp.equations.canonical import canonical
from symbp.equations.equality import Verdict, compare
from symbp.equations.tensor import tensor_of
from tests.equations import bare
from tests.equations.bare import PROGRAMS, SIZES, adjoint, at, bar, with_adjoints, wrts

CASES = [(name, tensor) for name, program in PROGRAMS.items() for tensor in wrts(program)]
EXTENDED = {name: with_adjoints(program) for name, program in PROGRAMS.items()}


@pytest.mark.parametrize(("name", "tensor"), CASES, ids=[f"{a}-{b.key}" for a, b in CASES])
def test_chain_rule_by_equations_is_the_derivative_through_the_program(name, tensor):
    where = at(tensor)
    derived = adjoint(PROGRAMS[name], tensor, where)
    whole = Partial(PROGRAMS[name].loss, tensor[where])
    certificate = compare(whole, derived, EXTENDED[name], sizes=SIZES)
    assert certificate.verdict in (Verdict.PROVED, Verdict.PROBABLE)


def contracted_away(name):
    """Programs whose indices are plain: every delta finds the sum that it collapses."""
    return name not in {"embedding", "stable log-softmax", "value at the largest"} and not any(
        word in name for word in ("convolution", "pooling")
    )


@pytest.mark.parametrize(
    ("name", "tensor"), [case for case in CASES if contracted_away(case[0])], ids=str
)
def test_no_delta_is_left_where_indices_are_plain(name, tensor):
    assert not adjoint(PROGRAMS[name], tensor, at(tensor)).has(KroneckerDelta)


def test_an_affine_index_gives_a_delta_of_that_index():
    n, c, o, i, p = bare.n, bare.c, bare.o, bare.i, bare.p
    entry = bare.CONV_X[n, c, 2 * i + p]
    a0, a1, a2 = at(bare.CONV_X)
    delta = KroneckerDelta(2 * i + p, a2)
    assert entry.diff(bare.CONV_X[n, c, a2]) == delta
    # x̄[n, c, a] = Σ_o Σ_i Σ_p ū[n, o, i] w[o, c, p] [2i + p = a]: a scatter.
    scatter = total(bar(bare.CONV_U)[a0, o, i] * bare.CONV_W[o, a1, p] * delta, o, i, p)
    derived = adjoint(PROGRAMS["convolution with stride"], bare.CONV_X, (a0, a1, a2))
    assert derived == canonical(scatter)


def test_a_gather_and_its_scatter_run_over_the_same_pairs():
    """Σ_a x̄_a = Σ_i Σ_p x̄_{2i+p}: [2i + p = a] collapses a sum of what is 0 outside."""
    n, c, i, p = bare.n, bare.c, bare.i, bare.p
    a = bare.SPACE.index("a")
    program = PROGRAMS["convolution with stride"]
    x = bare.CONV_X
    scattered = total(KroneckerDelta(2 * i + p, a) * x[n, c, a], i, p, a)
    gathered = total(x[n, c, 2 * i + p], i, p)
    assert compare(scattered, gathered, program, sizes=SIZES).verdict is Verdict.PROVED
    assert compare(scattered, 2 * gathered, program, sizes=SIZES).verdict is Verdict.REFUTED
    unguarded = total(KroneckerDelta(2 * i + p, a), i, p, a)
    assert canonical(unguarded).has(KroneckerDelta), "2i + p may lie outside"


def test_shared_parameters_add_up():
    """∂E/∂w of a recurrence is a sum over time, one term for each equation that uses w."""
    program = PROGRAMS["recurrence"]
    w = next(t for t in program.inputs if t.name == "w")
    users = program.users(w)
    assert [tensor_of(e.lhs).place for e in users] == [1, 2, 3]
    derived = adjoint(program, w, at(w))
    assert len(derived.args) == len(users)
    one = derived.args[0]
    sides = Partial(program.loss, w[at(w)]), derived - one
    certificate = compare(*sides, EXTENDED["recurrence"], sizes=SIZES)
    assert certificate.verdict is Verdict.REFUTED, "a path through time that is left out shows"


def test_both_places_of_tied_weights_count():
    program = PROGRAMS["tied weights"]
    w = next(t for t in program.inputs if t.name == "w")
    derived = adjoint(program, w, at(w))
    assert len(derived.args) == 2
    for part in derived.args:
        sides = Partial(program.loss, w[at(w)]), part
        assert not compare(*sides, EXTENDED["tied weights"], sizes=SIZES).holds


def test_softmax_over_one_of_two_sequence_axes():
    """ē[s, t] = a[s, t] (ā[s, t] − Σ_r ā[s, r] a[s, r]), for each sample and query."""
    program = PROGRAMS["attention"]
    e, a = (next(t for t in program.definitions if t.name == name) for name in "ea")
    n, s, t = at(e)
    r = bare.TARGET.index("r")
    by_hand = a[n, s, t] * (bar(a)[n, s, t] - total(bar(a)[n, s, r] * a[n, s, r], r))
    derived = adjoint(program, e, (n, s, t))
    assert derived.atoms(Sum)
    verdict = compare(derived, by_hand, EXTENDED["attention"], sizes=SIZES).verdict
    assert verdict is Verdict.PROBABLE


def test_the_shift_of_a_stable_softmax_does_not_matter():
    """∂E/∂a = 0 for the maximum a that is taken off."""
    program = PROGRAMS["stable log-softmax"]
    a = next(iter(program.definitions))
    assert compare(Partial(program.loss, a[at(a)]), 0 * program.loss, program).holds


def test_branches_stay_within_sums():
    """SymPy drags a Piecewise out of a sum; here it stays a factor."""
    program = PROGRAMS["mask and indicator"]
    x = next(t for t in program.inputs if t.name == "x")
    derived = adjoint(program, x, at(x))
    assert not isinstance(derived, Piecewise)
