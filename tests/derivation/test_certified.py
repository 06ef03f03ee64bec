"""Every step of every derivation holds, and a wrong step does not."""

from dataclasses import replace

import pytest
from sympy import Expr, Symbol

from symbp import gallery
from symbp.activations.custom import activation
from symbp.derivation.step import Derivation, Step
from symbp.equations.equality import Verdict
from symbp.equations.tensor import Role, entries, indices_of, tensor_of
from symbp.layers.dense import Dense
from symbp.losses.loss import Loss
from symbp.network import Network
from symbp.pipeline import Derived
from tests.derivation.networks import NAMES, PAIRS, derived, shipped

SURE = {Verdict.PROVED, Verdict.PROBABLE}


def verdicts(found: Derived):
    """How sure each kind of layer is, told once."""
    kinds = {id(section.kind): section.kind for section in found.sections}
    return {
        step.certificate(kind.program).verdict
        for kind in kinds.values()
        for top in kind.derivations
        for _, step in top.walk()
    }


@pytest.mark.parametrize("name", gallery.names())
def test_gallery(name):
    assert set(shipped(name).certify()) <= SURE


@pytest.mark.parametrize(("output", "loss"), PAIRS)
@pytest.mark.parametrize("reduction", ["sum", "mean"])
def test_outputs_and_losses(output, loss, reduction):
    penalty = 0.1 if reduction == "sum" else 0.0
    found = derived("tanh", output, loss, depth=1, reduction=reduction, l2=penalty)
    assert verdicts(found) <= SURE


@pytest.mark.parametrize("hidden", NAMES)
@pytest.mark.parametrize("options", [{}, {"l2": 0.5}, {"bias": False}, {"batch": False}], ids=str)
def test_hidden_layers(hidden, options):
    assert verdicts(derived(hidden, **options)) <= SURE


u = Symbol("u", real=True)


@pytest.mark.parametrize("word", ["swish", "softsign", "wave", "step", "power", "bell", "lifted"])
def test_activations_of_the_users_own(word):
    from sympy import Abs, Max, atan, cosh, exp, sign, sin

    formulas = {
        "swish": u / (1 + exp(-u)),
        "softsign": u / (1 + Abs(u)),
        "wave": sin(u) + atan(u),
        "step": u * sign(u) + sign(u),
        "power": (1 + u**2) ** Symbol("alpha"),
        "bell": exp(-(u**2)) / cosh(u),
        "lifted": Max(u, u / 10),
    }
    constants = {"alpha": 0.3} if word == "power" else {}
    own = activation(word, formulas[word], **constants)
    layers = (Dense(3, own), Dense(4, own))
    found = Derived(Network.of("net", 2, layers, Loss.of("half_squared_error")))
    assert verdicts(found) <= SURE


# ---- tampering -------------------------------------------------------------------------------


def steps(found: Derived):
    for section in found.sections:
        for top in section.kind.derivations:
            for _, step in top.walk():
                yield section.kind, step


CLASSIFIER = derived("relu", "softmax", "categorical_cross_entropy", reduction="mean", l2=0.1)


def swapped(expr: Expr) -> Expr | None:
    """``expr`` with the wrong activations: those of one layer for those of another."""
    for entry in entries(expr):
        tensor = tensor_of(entry)
        if tensor.role is Role.PREACTIVATION:
            other = replace(tensor, role=Role.ACTIVATION, name="z")
            return expr.xreplace({entry: other[indices_of(entry)]})
    return None


TAMPERING = {
    "a factor 2": lambda e: 2 * e,
    "the sign": lambda e: -e,
    "one more": lambda e: e + 1,
    "nothing": lambda e: 0 * e,
    "another quantity": swapped,
}


@pytest.mark.parametrize("how", TAMPERING)
def test_a_wrong_step_is_refuted(how):
    refuted = 0
    for kind, step in steps(CLASSIFIER):
        wrong = TAMPERING[how](step.after)
        if wrong is None or wrong == step.after:
            continue
        certificate = replace(step, after=wrong).certificate(kind.program)
        if how == "another quantity" and certificate.holds:
            continue  # z for u is right at times: z > 0 where u > 0, and a chain may go by z
        assert certificate.verdict is Verdict.REFUTED
        assert certificate.witness.left != certificate.witness.right
        refuted += 1
    assert refuted > 5


def test_a_line_that_is_wrong_is_counted():
    found = shipped("xor")
    line = next(line for line in found.lesson.lines if line.step and line.step.move == "collapse")
    wrong = replace(line.step, after=line.step.after + 1)
    assert wrong.certificate(line.program).verdict is Verdict.REFUTED


def test_a_derivation_hands_on_its_last_line():
    a, b, c = (Symbol(letter) for letter in "abc")
    derivation = Derivation("d", a, (Step("one", a, b), Step("two", b, c)))
    assert derivation.result == c
    assert (derivation.equation.lhs, derivation.equation.rhs) == (a, c)


def test_each_step_begins_where_the_one_before_it_ends():
    for section in CLASSIFIER.sections:
        for top in section.kind.derivations:
            for derivation in {id(d): d for d, _ in top.walk()}.values():
                befores = [step.before for step in derivation.steps]
                afters = [step.after for step in derivation.steps]
                assert befores == [derivation.goal, *afters[:-1]]
