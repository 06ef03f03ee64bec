"""The mistakes that explain a slip in a program, by making them on the right line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from sympy import Add, Expr, Integer, Mul, exp, tanh

from symbp.equations.axis import Axis, Index, total
from symbp.equations.calculus import Partial
from symbp.equations.canonical import canonical
from symbp.equations.equation import Equation
from symbp.equations.program import Program
from symbp.equations.tensor import Tensor, entries, indices_of, tensor_of
from symbp.equations.wellformed import IllFormed
from symbp.verification.code.lifting import Lifting, entry_like
from symbp.verification.code.losses import LOSS
from symbp.verification.code.outcome import Outcome, Slip
from symbp.verification.code.recognise import Recognised
from symbp.verification.code.reference import CodeReference
from symbp.verification.code.scene import Form, same
from symbp.verification.code.updates import NEW
from symbp.verification.diagnosis import Explained, Wrong, diagnose

MOST_INLINED = 12


@dataclass(frozen=True)
class Explaining:
    """The slips of an outcome, each seen with those before it repaired."""

    known: Recognised
    outcome: Outcome

    @cached_property
    def program(self) -> Program:
        """The program with every slip but the last one's successors repaired."""
        return self.outcome.scene.program

    @cached_property
    def samples(self) -> set[Axis]:
        return set(self.program.axes) - self.known.along

    @cached_property
    def adjoints(self) -> dict[Tensor, tuple[Tensor, Form]]:
        """The writer's array for the derivative by a tensor of the forward pass."""
        found: dict[Tensor, tuple[Tensor, Form]] = {}
        for tensor, forms in self.outcome.forms.items():
            for form in forms:
                found.setdefault(form.of, (tensor, form))
        return found

    @cached_property
    def lifting(self) -> Lifting:
        deltas = {of: tensor for of, (tensor, _) in self.adjoints.items()}
        parameters = tuple(p.before for p in self.known.parameters)
        return Lifting(
            self.program,
            parameters,
            self.known.targets,
            self.samples,
            deltas,
            self.known.predictions,
        )

    def explained(self, slip: Slip) -> tuple[tuple[Explained, ...], Expr | None]:
        """The mistakes, and the right line in the program's own arrays."""
        line = self._line(slip)
        if line is None:
            return (), None
        form, lhs, written = line
        assert form.factor is not None
        entry = entry_like(form.of, form.order, indices_of(lhs))
        right = self._right(form.of, entry, slip)
        lift = self.lifting.expr
        program = self._repaired(slip)
        if program is None:
            return (), right * form.factor
        left = lift(Partial(LOSS[()], entry))
        sides = [lift(r) for r in (self._right(form.of, entry, slip, by_output=True), right)]
        reference = CodeReference(program, tuple(sides))
        own = lift(written / form.factor)
        wrong = Wrong(left, own, tuple(sides), reference)
        try:
            found = diagnose(wrong)
        except (NotImplementedError, LookupError, ValueError, ArithmeticError, AssertionError):
            found = ()
        plain = self._right(form.of, entry, slip, by_output=True)
        return found, plain * form.factor

    def _line(self, slip: Slip) -> tuple[Form, Expr, Expr] | None:
        """What the line should be, its left side, and what was written."""
        if slip.tensor is not None and slip.form is not None:
            equation = self.program.definitions[slip.tensor]
            form = slip.form
            if slip.by is not None and form.factor is not None:
                form = Form(form.of, form.order, None, form.factor / slip.by)
            return form, equation.lhs, self._inlined(equation.rhs)
        parameter = slip.parameter
        if parameter is None or parameter.after is None or slip.tensor is not None:
            return None
        entry = parameter.before.entry
        rates = [
            e
            for e in entries(parameter.after)
            if not tensor_of(e).axes and tensor_of(e) in self.program.inputs
        ]
        step = Add(
            *(a / Mul(*rates) for a in Add.make_args((entry - parameter.after).expand(deep=False)))
        )
        order = tuple(range(len(parameter.before.axes)))
        base = self.outcome.base or Integer(1)
        return Form(parameter.before, order, None, base), entry, self._inlined(step)

    def _of_outputs(self, expr: Expr) -> Expr:
        """A loss or an activation in terms of those before it, without helpers."""
        named = {*self.lifting.activated, *self.lifting.units}
        return self._written(expr, lambda t: t not in named)

    def _inlined(self, expr: Expr) -> Expr:
        """``expr`` with helper arrays, that are no derivatives, written out."""
        slips = {s.tensor for s in self.outcome.slips}
        order, forms = self.outcome.order, self.outcome.forms
        return self._written(expr, lambda t: t in order and t not in forms and t not in slips)

    def _written(self, expr: Expr, is_helper: Callable[[Tensor], bool]) -> Expr:
        definitions = self.program.definitions
        for _ in range(MOST_INLINED):
            helpers = [
                e for e in entries(expr) if tensor_of(e) in definitions and is_helper(tensor_of(e))
            ]
            if not helpers:
                return expr
            entry = helpers[0]
            expr = expr.xreplace({entry: self._written_out(entry, expr)})
        return expr

    def _written_out(self, entry: Expr, around: Expr) -> Expr:
        equation = self.program.definitions[tensor_of(entry)]
        taken = around.atoms(Index)
        inner = {i for i in equation.rhs.atoms(Index) if i not in indices_of(equation.lhs)}
        renaming: dict[Expr, Expr] = {}
        for index in sorted(inner, key=str):
            renaming[index] = index.axis.fresh(taken | set(renaming.values()), index.letter)
            taken = taken | {renaming[index]}
        renaming |= dict(zip(indices_of(equation.lhs), indices_of(entry), strict=True))
        return equation.rhs.xreplace(renaming)

    def _right(self, tensor: Tensor, entry: Expr, slip: Slip, *, by_output: bool = False) -> Expr:
        """One step of the chain rule, through all that is computed from ``tensor``.

        ``by_output``: with slopes in terms of the activation, as z (1 − z), where there are such.
        """
        own = {i for i in indices_of(entry) if isinstance(i, Index)}
        through: Expr = Integer(0)
        direct: Expr = Integer(0)
        for equation in self.program.users(tensor):
            user = tensor_of(equation.lhs)
            if user in self.outcome.order or not user.axes or user.name.startswith(NEW):
                continue
            slope = self._slope_by_output(user, tensor, entry) if by_output else None
            if slope is not None:
                direct += self._adjoint(user, user[indices_of(entry)], slip) * slope
                continue
            lhs, rhs = _apart(equation, own)
            slope = rhs.diff(entry)
            through += total(self._adjoint(user, lhs, slip) * slope, *indices_of(lhs))
        loss = self.program.definitions[LOSS]
        loss = Equation(loss.id, loss.lhs, self._written(loss.rhs, lambda t: not t.axes))
        through += _apart(loss, own)[1].diff(entry)
        return direct + canonical(through)

    def _slope_by_output(self, z: Tensor, u: Tensor, entry: Expr) -> Expr | None:
        """The slope of an activation as people write it."""
        slopes = self.outcome.all_slopes
        if (z, u) not in slopes or len(self.program.definitions[z].rhs.atoms(exp, tanh)) == 0:
            return None
        out = z[indices_of(entry)]
        for form in (out * (1 - out), 1 - out**2):
            scene = self.outcome.scene
            value = scene.start.over(form, out)
            if same(scene, value, slopes[z, u]):
                return form
        return None

    def _adjoint(self, user: Tensor, lhs: Expr, slip: Slip) -> Expr:
        """The derivative by an entry, in the writer's array where there is one."""
        found = self.adjoints.get(user)
        if found is None or found[0] == slip.tensor or found[1].factor is None:
            return Partial(LOSS[()], lhs)
        array, form = found
        turned = tuple(indices_of(lhs)[slot] for slot in form.order)
        return array[turned] / form.factor

    def _repaired(self, slip: Slip) -> Program | None:
        """The lifted program up to the slip, with the slips before it repaired."""
        earlier: Mapping[Tensor | None, Slip] = {
            s.tensor: s for s in self.outcome.slips if s != slip
        }
        equations: list[Equation] = []
        for tensor, equation in self.program.definitions.items():
            if tensor == slip.tensor:
                continue
            rhs = equation.rhs
            if tensor == LOSS or tensor in self.lifting.activated:
                rhs = self._of_outputs(rhs)
            other = earlier.get(tensor)
            if other is not None and other.form is not None and other.form.factor is not None:
                of = entry_like(other.form.of, other.form.order, indices_of(equation.lhs))
                rhs = other.form.factor / (other.by or 1) * Partial(LOSS[()], of)
            known = {tensor_of(e.lhs) for e in equations} | set(self.program.inputs)
            if {tensor_of(e) for e in entries(rhs)} <= known:
                equations.append(Equation(equation.id, equation.lhs, rhs))
        try:
            lifted = tuple(map(self.lifting.equation, equations))
            return Program(lifted, tuple(map(self.lifting.equation, self.program.facts)))
        except (IllFormed, ValueError):
            return None


def _apart(equation: Equation, taken: set[Index]) -> tuple[Expr, Expr]:
    """Both sides in indices that none of ``taken`` is."""
    found = equation.lhs.atoms(Index) | equation.rhs.atoms(Index)
    renaming: dict[Expr, Expr] = {}
    for index in sorted(found & taken, key=str):
        renaming[index] = index.axis.fresh(found | taken | set(renaming.values()), index.letter)
    return equation.lhs.xreplace(renaming), equation.rhs.xreplace(renaming)
