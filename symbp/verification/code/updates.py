"""What an update does to a parameter, as far as the direction of the step goes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
from sympy import Add, Expr, Integer, Mul, Rational

from symbp.equations.arrays import Array
from symbp.equations.axis import Size
from symbp.equations.equation import Equation
from symbp.equations.evaluation import Evaluator
from symbp.equations.tensor import Tensor, entries, indices_of, is_entry, tensor_of
from symbp.verification.code.recognise import Parameter
from symbp.verification.code.scene import Form, Scene, orders, same, scaled

Order: TypeAlias = tuple[int, ...]

FLOAT = re.compile(
    r"(?<![\w.])(?:\d{1,9}\.\d{0,20}|\.\d{1,20}|\d{1,9}(?=[eE]))(?:[eE][+-]?\d{1,2})?(?![\w.])"
)
MOST_TYPED = 4
"""Numbers of one statement that may be its rate."""

NEW = "new "
"""What the names of new values begin with in the programs that are judged."""


@dataclass(frozen=True)
class Effect:
    """How a parameter is changed.

    ``kind``: "gradient" (none is changed: a gradient is returned), "plain" (a multiple of one
    array), "inline" (the gradient stands in the update), "rule" (anything else). ``array`` is the
    array that must be the gradient. ``ratio``: what is stepped along is this much of ∂E/∂w; None
    where it is none. ``factor``: the same as an expression. ``sign``: 1 where the loss goes down.
    ``share``: the sizes that the rate is divided by, as in ``lr / m``, where ``factor`` lacks them.
    ``is_mixed``: a rule that goes down the slope in some entries, and up in others.
    ``typed``: the numbers that are perhaps the rate, where it has no name, as 0.1.
    """

    parameter: Parameter
    kind: str
    array: Tensor | None = None
    ratio: Any | None = None
    factor: Expr | None = None
    sign: int = 0
    decays: bool = False
    is_mixed: bool = False
    share: Expr = Integer(1)
    typed: tuple[Expr, ...] = ()

    @property
    def is_typed(self) -> bool:
        """Whether the rate is a number in a step that has the gradient in it."""
        return self.kind == "inline" and self.is_along and bool(self.typed)

    @property
    def is_along(self) -> bool:
        """Whether the step is along the gradient, up or down."""
        return self.ratio is not None


def stepped(parameter: Parameter) -> Tensor:
    """The tensor of a parameter's new value in the programs that are judged."""
    return Tensor(stepped_name(parameter.before), parameter.before.axes)


def stepped_name(before: Tensor) -> str:
    return f"{NEW}{before.key}"


def step_of(
    parameter: Parameter, backward: Collection[Tensor]
) -> tuple[str, Tensor | None, Expr | None, Order | None]:
    """The kind of an update, its array, what that is multiplied by, and how it is turned.

    The array of a parameter that is a single number is a number, too: of ``backward``.
    """
    if parameter.after is None:
        return "gradient", parameter.given, None, None
    entry = parameter.before.entry
    step = (entry - parameter.after).expand(deep=False)
    scalars: list[Expr] = []
    arrays: list[Expr] = []
    whole = set() if parameter.before.axes else set(backward)
    for factor in Mul.make_args(step):
        is_array = _has_axes(factor) or any(tensor_of(e) in whole for e in entries(factor))
        (arrays if is_array else scalars).append(factor)
    if len(arrays) == 1 and is_entry(arrays[0]):
        used = sorted(map(str, indices_of(arrays[0])))
        if used == sorted(map(str, indices_of(entry))):
            own = list(indices_of(arrays[0]))
            order = tuple(own.index(i) for i in indices_of(entry))
            return "plain", tensor_of(arrays[0]), Mul(*scalars), order
    return "other", None, None, None


def _has_axes(factor: Expr) -> bool:
    return any(tensor_of(e).axes for e in entries(factor))


def effect(
    scene: Scene, at: Evaluator, parameter: Parameter, backward: Collection[Tensor]
) -> Effect:
    """What ``parameter``'s update does where arrays have the values of ``at``.

    A single number is a multiple of any other: what is no line in the gradient follows a rule.
    """
    found = _effect(scene, at, parameter, backward)
    if found.is_along and scene.vanishes(parameter.before):
        return replace(found, kind="rule", factor=None, sign=1)
    is_odd = found.is_along and found.factor is None and found.kind != "rule"
    is_number = is_odd and scene.gradient(parameter.before).size == 1
    if is_number and _is_bent(scene, at, parameter, backward):
        return _by_rule(scene, at, parameter, backward) or found
    return found


def _effect(
    scene: Scene, at: Evaluator, parameter: Parameter, backward: Collection[Tensor]
) -> Effect:
    kind, array, by, order = step_of(parameter, backward)
    gradient = scene.gradient(parameter.before)
    if array is not None:
        form = _form(scene, at, array, parameter.before)
        if order is not None:
            ratio = scene.ratio(at.values[array].transpose(order), gradient)
            form = None
            if ratio is not None:
                form = Form(parameter.before, order, ratio, scene.named(ratio))
        ratio = form.ratio if form else None
        factor = form.factor if form else None
        found = Effect(parameter, kind, array, ratio, factor)
        if kind == "gradient":
            return replace(found, sign=_sign(factor) or 1)
        if form is not None:
            by_rate = _sign(factor) or _sign(_over_a_rate(scene, form.ratio))
            share = Mul(*(f for f in Mul.make_args(by) if f.atoms(Size) and not entries(f)))
            known = factor if factor is not None else _remembered(scene, at, found, backward)
            typed = () if by is None or entries(by) else (abs(by.as_coeff_Mul()[0]),)
            sign = by_rate * _sign_of(by)
            return replace(found, factor=known, sign=sign, share=share, typed=typed)
    assert parameter.after is not None
    after = at.values[stepped(parameter)]
    step = at.arithmetic.reduced(at.values[parameter.before] - after)
    ratio, decays = scene.ratio(step, gradient), False
    if ratio is None and not _is_penalised(scene):
        ratio = _beside(scene, step, gradient, at.values[parameter.before])
        decays = ratio is not None
    if ratio is not None:
        factor = scene.named(_without_rates(scene, at, ratio, parameter))
        sign, typed = _sign(factor), _typed(scene, parameter)
        return Effect(parameter, "inline", None, ratio, factor, sign, decays, typed=typed)
    if array is not None and not _remembers(scene, array, backward):
        own = scene.program.definitions[array]
        return _by_quotient(scene, at, parameter, backward, own) or Effect(parameter, kind, array)
    if (rule := _by_rule(scene, at, parameter, backward)) is not None:
        return rule
    like = [t for t in backward if orders(parameter.before.axes, t.axes)]
    return Effect(parameter, "rule" if like else "inline", like[0] if like else None)


def _by_rule(
    scene: Scene, at: Evaluator, parameter: Parameter, backward: Collection[Tensor]
) -> Effect | None:
    """A step that is made of the gradient, as those of optimizers are; None where it is not."""
    gradient = scene.gradient(parameter.before)
    for tensor in backward:
        form = _form(scene, at, tensor, parameter.before)
        if form is not None and (form.factor is not None or gradient.size > 1):
            sign = _downhill(scene, at, parameter, backward, tensor)
            found = Effect(parameter, "rule", tensor, form.ratio, form.factor)
            return replace(found, sign=sign or 0, is_mixed=sign == 0)
    own = scene.program.definitions[stepped(parameter)]
    step = parameter.before[indices_of(own.lhs)] - own.rhs
    return _by_quotient(scene, at, parameter, backward, Equation(own.id, own.lhs, step))


def _by_quotient(
    scene: Scene,
    at: Evaluator,
    parameter: Parameter,
    backward: Collection[Tensor],
    step: Equation,
) -> Effect | None:
    """A step that is the gradient over something else; None where ``step`` gives no such thing."""
    gradient = scene.gradient(parameter.before)
    for part in _divided(step.rhs, parameter, backward):
        value = at.over(part, step.lhs)
        for order in orders(tensor_of(step.lhs).axes, parameter.before.axes):
            ratio = scene.ratio(value.transpose(order), gradient)
            factor = None if ratio is None else scene.named(ratio)
            if factor is not None or (ratio is not None and gradient.size > 1):
                over = tensor_of(part) if is_entry(part) else tensor_of(step.lhs)
                sign = _downhill(scene, at, parameter, backward, over)
                found = Effect(parameter, "rule", None, ratio, factor)
                return replace(found, sign=sign or 0, is_mixed=sign == 0)
    return None


def _divided(step: Expr, parameter: Parameter, backward: Collection[Tensor]) -> Iterator[Expr]:
    """What a step divides by other arrays of the way back: ``g`` of ``w -= lr * g / sqrt(v)``.

    Weights may decay beside it.
    """
    terms = Add.make_args(step.expand(deep=False))
    made = [t for t in terms if any(tensor_of(e) in backward for e in entries(t))]
    rest = (e for t in terms if t not in made for e in entries(t))
    if len(made) != 1 or any(tensor_of(e).axes and tensor_of(e) != parameter.before for e in rest):
        return
    parts = [p for p in Mul.make_args(made[0]) if any(tensor_of(e) in backward for e in entries(p))]
    above = [p for p in parts if not p.as_base_exp()[1].is_negative]
    if len(above) == 1 and len(parts) > 1:
        yield above[0]


def _is_bent(
    scene: Scene, at: Evaluator, parameter: Parameter, backward: Collection[Tensor]
) -> bool:
    """Whether the step grows otherwise than what it is made of."""
    if parameter.after is None:
        return False
    numbers = [scene.field.rational(Integer(k)) for k in (2, 3)]
    for tensor in backward:
        try:
            runs = [
                at,
                *(scene.rerun({tensor: scaled(scene, at.values[tensor], n)}, at) for n in numbers),
            ]
        except ArithmeticError:
            continue
        one, two, three = (run.values[stepped(parameter)] for run in runs)
        grown, again = (np.asarray(more, dtype=object) for more in (one + three, two + two))
        if not same(scene, at.arithmetic.reduced(grown), at.arithmetic.reduced(again)):
            return True
    return False


def _remembered(
    scene: Scene, at: Evaluator, found: Effect, backward: Collection[Tensor]
) -> Expr | None:
    """How much of the gradient goes into ``v`` of ``v = mu v - lr g``, the rate left out.

    What the rate is multiplied by may be meant: it counts only where ``g`` is too much as well.
    """
    assert found.array is not None
    step = _over_a_rate(scene, found.ratio)
    if step is None or step in (1, -1):
        return step
    for tensor in _behind(scene, found.array):
        form = _form(scene, at, tensor, found.parameter.before) if tensor in backward else None
        if form is not None and form.factor is not None:
            return form.factor if form.factor in (1, -1) else step
    return None


def _is_penalised(scene: Scene) -> bool:
    """Whether the loss depends on parameters directly, as with weight decay: the loss tells all."""
    before = {t for t in scene.program.inputs if t.axes and stepped_name(t) in _new(scene)}
    return any(not t.axes and before & used for t, used in scene.parents.items())


def _new(scene: Scene) -> set[str]:
    return {t.name for t in scene.program.definitions if t.name.startswith(NEW)}


def _remembers(scene: Scene, array: Tensor, backward: Collection[Tensor]) -> bool:
    """Whether ``array`` is made of what an optimizer keeps from step to step."""
    return bool({array, *_behind(scene, array)} & set(_states(scene, backward)))


def _behind(scene: Scene, array: Tensor) -> list[Tensor]:
    """All that ``array`` is computed from, the nearest first."""
    seen = [array]
    for tensor in seen:
        seen += [p for p in sorted(scene.parents.get(tensor, ()), key=str) if p not in seen]
    return seen[1:]


def _states(scene: Scene, backward: Collection[Tensor]) -> list[Tensor]:
    """Arrays that come in on the way back only, and that nothing computes."""
    used = {p for t in backward for p in scene.parents[t]}
    ahead = {
        p
        for t in scene.program.definitions
        if t not in backward and not t.name.startswith(NEW)
        for p in scene.parents[t]
    }
    return [t for t in used - ahead if t in scene.program.inputs and t.axes]


def _form(scene: Scene, at: Evaluator, array: Tensor, of: Tensor) -> Form | None:
    found = scene.forms(at.values[array], array.axes, [of])
    return found[0] if found else None


def _sign(factor: Expr | None) -> int:
    return 0 if factor is None else -1 if factor.could_extract_minus_sign() else 1


def _sign_of(by: Expr | None) -> int:
    """The sign of a product of rates, sizes and numbers; 0 where it is not clear."""
    if by is None:
        return 0
    sign = 1
    for factor in Mul.make_args(by):
        if factor.is_Number:
            sign *= -1 if factor.is_negative else 1
        elif not (isinstance(factor, Size) or is_entry(factor) or factor.is_Pow):
            return 0
    return sign


def _without_rates(scene: Scene, at: Evaluator, ratio: Any, parameter: Parameter) -> Any:
    """``ratio`` over the learning rate: a number that is given, by itself in the update."""
    assert parameter.after is not None
    for entry in entries(parameter.after):
        tensor = tensor_of(entry)
        is_given = tensor not in scene.program.definitions and tensor != parameter.before
        if not tensor.axes and is_given:
            ratio = scene.field.reduce(ratio * scene.field.inverse(at.values[tensor][()]))
    return ratio


def _typed(scene: Scene, parameter: Parameter) -> tuple[Expr, ...]:
    """The numbers in a step in which no rate has a name; whole ones are the gradient's."""
    assert parameter.after is not None
    named = [tensor_of(e) for e in entries(parameter.after) if not tensor_of(e).axes]
    if any(t in scene.program.inputs and t != parameter.before for t in named):
        return ()
    return typed_in(parameter.text)


def typed_in(text: str) -> tuple[Expr, ...]:
    """The numbers in a statement that are no whole ones."""
    found = dict.fromkeys(Rational(typed) for typed in FLOAT.findall(text))
    return tuple(n for n in found if not n.is_Integer)[:MOST_TYPED]


def _over_a_rate(scene: Scene, ratio: Any) -> Expr | None:
    """``ratio`` over one of the plain numbers that are given, as a factor with a name."""
    for tensor in scene.program.inputs:
        if not tensor.axes:
            rate = scene.start.values[tensor][()]
            factor = scene.named(scene.field.reduce(ratio * scene.field.inverse(rate)))
            if factor is not None:
                return factor
    return None


def _beside(scene: Scene, step: Array, gradient: Array, weight: Array) -> Any | None:
    """c where ``step`` is c · gradient + d · weight: weights that decay."""
    field, reduce = scene.field, scene.start.arithmetic.reduced
    s, g, w = (np.asarray(a, dtype=object).ravel() for a in (step, gradient, weight))
    if len(s) < 3:
        return None
    determinant = field.reduce(g[0] * w[1] - g[1] * w[0])
    if field.same(determinant, field.reduce(determinant - determinant)):
        return None
    inverse = field.inverse(determinant)
    c = field.reduce((s[0] * w[1] - s[1] * w[0]) * inverse)
    d = field.reduce((g[0] * s[1] - g[1] * s[0]) * inverse)
    expected = reduce(reduce(g * c) + reduce(w * d))
    fits = all(field.same(a, b) for a, b in zip(s, expected, strict=True))
    return c if fits and not field.same(c, field.reduce(c - c)) else None


def _downhill(
    scene: Scene,
    at: Evaluator,
    parameter: Parameter,
    backward: Collection[Tensor],
    gradient: Tensor,
) -> int | None:
    """1 where every entry of the first step goes down the slope, −1 where every one goes up.

    0 where some do and others do not, None where numbers have no sign. What an optimizer remembers
    is nothing at the first step; weights that decay do so beside it.
    """
    if not scene.is_real or parameter.after is None:
        return None
    of, states = parameter.before, _states(scene, (*backward, stepped(parameter)))
    zero = scene.field.rational(Integer(0))
    try:
        first = scene.rerun({t: np.full_like(at.values[t], zero) for t in states}, at)
        if sign := _direction(scene, first, parameter):
            return sign
        moved = _made_of(scene, gradient)  # by what the gradient is; all else stays as it is
        held = {t: first.values[t] for t in scene.program.definitions if t not in moved}
        held.pop(stepped(parameter), None)
        alone = scene.rerun({**held, of: np.full_like(at.values[of], zero)}, first)
        return _direction(scene, alone, parameter)
    except ArithmeticError:
        return 0


def _made_of(scene: Scene, gradient: Tensor) -> set[Tensor]:
    """All that is computed from ``gradient``."""
    found = {gradient}
    for tensor in scene.program.definitions:
        if scene.parents[tensor] & found:
            found.add(tensor)
    return found - {gradient}


def _direction(scene: Scene, at: Evaluator, parameter: Parameter) -> int:
    """1 where every entry of a step goes down the slope, −1 where every one goes up, else 0."""
    step = np.asarray(at.values[parameter.before] - at.values[stepped(parameter)], dtype=object)
    gradient = scene.gradient(parameter.before)
    products = [a * b for a, b in zip(step.flat, gradient.flat, strict=True)]
    if not any(products):
        return 0
    if all(p >= 0 for p in products):
        return 1
    return -1 if all(p <= 0 for p in products) else 0
