"""The program that a page writes down in equations with indices, whatever its letters.

    μ_j = 1/m Σ_i x_ij,   x̂_ij = (x_ij − μ_j)/√(v_j + ε),   y_ij = γ_j x̂_ij + β_j

Each equation whose left side is new says how something is computed; what is computed from nothing
is given. Everything else on the page is a claim about this program. Where it says nothing of the
loss, that is left open: any function of what nothing else is computed from.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sympy import Sum

from symbp.derivation.names import adjoint_of
from symbp.equations.axis import Axis
from symbp.equations.calculus import Functional, FunctionSymbol
from symbp.equations.equation import Equation
from symbp.equations.loops import behind
from symbp.equations.program import Program
from symbp.equations.tensor import Role, Tensor, entries, is_entry, tensor_of, tensors_in
from symbp.equations.wellformed import IllFormed
from symbp.losses.loss import LOSS
from symbp.notation import formula as tree
from symbp.notation.formula import Sign
from symbp.notation.notation import Notation
from symbp.notation.presets import JP_UZ
from symbp.notation.read_error import ReadError
from symbp.notation.reader import Reader
from symbp.notation.scope import Scope
from symbp.notation.spelling import OVERLINE
from symbp.verification.binding.differentials import Slopes, are_means, differentials, joined
from symbp.verification.binding.facts import Line
from symbp.verification.binding.peek import LOSSES, name_of, parts
from symbp.verification.binding.slots import COUNTS, Slots, Untyped, bare
from symbp.verification.finding import Bound
from symbp.verification.statement import Reading


@dataclass(frozen=True)
class Written:
    """A program, and how its page is read."""

    program: Program
    notation: Notation
    scope: Scope
    is_guess: bool = False  # it is not sure that dx is the slope by x

    @property
    def has_no_layer(self) -> bool:
        """Whether it says nothing of a loss, nor of sums that are weighted."""
        *forward, last = self.program.equations
        sums = (part for e in forward for part in e.rhs.atoms(Sum))
        weighted = any(len(entries(part.function)) > 1 for part in sums)
        return bool(last.rhs.has(Functional)) and not weighted

    @property
    def bounds(self) -> tuple[Bound, ...]:
        """What each sign was taken for."""
        signs = self.notation.convention.own
        named = ((signs[t.name, None], t) for t in self.scope.tensors if (t.name, None) in signs)
        return tuple(
            Bound(name_of(sign), "computed" if t.role is Role.OTHER else "given", "document")
            for sign, t in named
            if t.role in (Role.OTHER, Role.PARAMETER, Role.DRAWN)
        )


SLOPE = re.compile(r"\\partial|∂|\\nabla|∇")


EQUATION = re.compile(r"[_(\\].*=")
"""What may say how something is computed, and is more than t = 1, …, T."""


def is_understood(written: Written, reading: Reading) -> bool:
    """Whether all can be read that says how something is computed, and each size is one."""
    reader = Reader(written.notation, written.scope)
    for statement in reading.statements:
        if SLOPE.search(statement.text.content):
            break
        try:
            reader.line(statement.text.content)
        except ReadError:
            if EQUATION.search(statement.text.content):
                return False
    signs = written.notation.convention.own
    given = (signs[t.name, None] for t in written.program.inputs if not t.axes)
    return not any(sign.glyph in COUNTS for sign in given)


def written(lines: Sequence[Line]) -> Written | None:
    """What the equations of a page compute; None where they are no program."""
    lines = _labelled(lines)
    slopes = differentials(lines)
    lines = [joined(line, slopes) for line in lines]
    forward = list(_forward(lines, slopes))
    if not forward or len(forward) == len(lines):
        return None
    glyph = _loss(lines)
    defined = [bare(line.sides[0]) for line in forward if isinstance(line.sides[0], Sign)]
    slots = Slots(frozenset(sign for sign in defined if sign.place.isdigit()))
    try:
        for line in forward:
            slots.line(line.sides[:2])
        return _Builder(slots, defined, glyph, slopes).built(forward, lines)
    except (Untyped, ReadError, IllFormed, NotImplementedError, TypeError, ValueError):
        return None


def _labelled(lines: Sequence[Line]) -> list[Line]:
    """``lines`` where a capital that always stands below a name is a part of it, as in μ_B."""
    signs = [p for line in lines for p in parts(line.sides) if isinstance(p, Sign)]
    below: dict[tuple[str, str], set[tuple[tree.Formula, ...]]] = {}
    for sign in signs:
        below.setdefault((sign.glyph, sign.place), set()).add(sign.indices)
    labels = {
        key: index.glyph
        for key, found in below.items()
        if len(found) == 1 and len(indices := next(iter(found))) == 1
        if isinstance(index := indices[0], Sign) and index == Sign(index.glyph)
        if index.glyph.isupper() and index.glyph not in COUNTS
    }

    def known(formula: Any) -> Any:
        if isinstance(formula, Sign):
            label = labels.get((formula.glyph, formula.place))
            return formula._replace(label=label, indices=()) if label else formula
        if not isinstance(formula, tuple):
            return formula
        found = tuple(map(known, formula))
        return found if type(formula) is tuple else type(formula)(*found)

    return [replace(line, sides=known(line.sides)) for line in lines]


def _forward(lines: Sequence[Line], slopes: Slopes) -> Iterator[Line]:
    """The lines that say how something new is computed, before the first derivative."""
    seen: set[Sign] = set()
    for line in lines:
        if any(isinstance(part, tree.Derivative) for part in parts(line.sides)):
            return
        left, *others = line.sides
        names = [part for part in parts(line.sides) if isinstance(part, Sign)]
        rights = (part for part in parts(tuple(others)) if isinstance(part, Sign))
        if any(_is_barred(name) and bare(name) not in seen for name in rights):
            return
        if any(bare(name) in slopes for name in names):
            return
        if isinstance(left, Sign) and others and not _continues(line) and bare(left) not in seen:
            seen.add(bare(left))
            yield line


def _is_barred(sign: Sign) -> bool:
    """Whether it has a bar, as the slope of E by a quantity has it."""
    return sign.glyph.endswith(OVERLINE)


def _continues(line: Line) -> bool:
    return line.statement.text.content.lstrip().startswith("=")


def _loss(lines: Sequence[Line]) -> str:
    """What is differentiated most: the glyph of the loss."""
    slopes = [p for line in lines for p in parts(line.sides) if isinstance(p, tree.Derivative)]
    found = [p.of.glyph for p in slopes if isinstance(p.of, Sign) and not p.of.indices]
    known = [glyph for glyph in found if glyph in LOSSES or glyph == "ℓ"]
    return max(known, key=known.count) if known else "E"


@dataclass(frozen=True)
class _Builder:
    """``defined`` are the names on the left sides, ``loss`` is the glyph of E.

    ``differentials`` are slopes that the page calls dx.
    """

    slots: Slots
    defined: Sequence[Sign]
    loss: str
    differentials: Slopes

    def built(self, forward: Sequence[Line], lines: Sequence[Line]) -> Written | None:
        tensors = self.tensors(_masks([line.sides[1] for line in forward]))
        sizes = {self.axes[self.slots.find(s)].name: n.glyph for n, s in self.slots.sizes.items()}
        stated = _named_slopes(lines, tensors, self.loss)
        slopes = {tensors[of]: name for name, of in self.differentials.items() if of in tensors}
        slopes |= stated
        own: dict[tuple[str, int | None], Sign] = {}
        own |= {(tensor.name, None): sign for sign, tensor in tensors.items()}
        for sign, tensor in tensors.items():
            name = adjoint_of(tensor).name
            barred = slopes.get(tensor, sign._replace(glyph=sign.glyph + OVERLINE))
            if barred not in tensors:  # a bar may as well be that of a mean
                own[name, None] = barred
        convention = replace(
            JP_UZ,
            name="",
            glyphs={**JP_UZ.glyphs, Role.LOSS: self.loss},
            sizes=sizes,
            prediction=None,
            input="",
            bias_as_weight=False,
            own=own,
        )
        bars = [adjoint_of(t) for t in tensors.values() if (adjoint_of(t).name, None) in own]
        functions = tuple(map(FunctionSymbol, self.slots.functions))
        scope = Scope(
            (*tensors.values(), *bars, LOSS), functions, tuple(dict.fromkeys(self.axes.values()))
        )
        reader = Reader(Notation(convention), scope)
        equations = self.equations(reader, forward)
        spoken = _spoken(lines, tensors, self.differentials)
        program = Program(tuple(_with_loss(equations, spoken)))
        is_open = program.definitions[LOSS].rhs.has(Functional)
        is_sure = is_open and not are_means(lines, self.differentials)
        is_guess = bool(self.differentials) and not (is_sure or stated)
        return Written(program, Notation(convention), scope, is_guess)

    @property
    def names(self) -> list[Sign]:
        """Everything that has a name, but for sizes and the loss."""
        every = [name for name in self.slots.widths if name not in self.slots.sizes]
        return [name for name in every if name != Sign(self.loss)]

    @property
    def axes(self) -> Mapping[object, Axis]:
        """The axis of each slot that speaks for others."""
        found: dict[object, Axis] = {}
        slots = [(name, k) for name, width in self.slots.widths.items() for k in range(width)]
        for slot in (*slots, *self.slots.sizes.values()):
            leader = self.slots.find(slot)
            if leader not in found:
                letter = self.slots.letters.get(leader) or "i"
                same = sum(axis.letter == letter for axis in found.values())
                found[leader] = Axis(f"index {letter}{same + 1 if same else ''}", None, letter)
        return found

    def tensors(self, masks: Collection[Sign]) -> dict[Sign, Tensor]:
        axes = self.axes
        found = {}
        for number, name in enumerate(self.names):
            own = tuple(axes[self.slots.find((name, k))] for k in range(self.slots.widths[name]))
            given = Role.DRAWN if name in masks else Role.PARAMETER
            role = Role.OTHER if name in self.defined else given
            found[name] = Tensor(f"q{chr(ord('a') + number)}", own, role)
        return found

    @staticmethod
    def equations(reader: Reader, forward: Sequence[Line]) -> list[Equation]:
        found = []
        for number, line in enumerate(forward):
            left, right = reader.chain(line.statement.text.content)[:2]
            if not is_entry(left):
                raise Untyped(str(number))
            found.append(Equation(f"{number}", left, right))
        return found


def _spoken(
    lines: Sequence[Line], tensors: Mapping[Sign, Tensor], differentials: Slopes
) -> set[Tensor]:
    """The quantities of whose slopes a page speaks."""
    every = [part for line in lines for part in parts(line.sides)]
    slopes = (p.wrt for p in every if isinstance(p, tree.Derivative) and isinstance(p.wrt, Sign))
    signs = [part for part in every if isinstance(part, Sign)]
    barred = (sign._replace(glyph=sign.glyph[:-1]) for sign in signs if _is_barred(sign))
    found = {bare(sign) for sign in (*slopes, *barred)}
    found |= {of for name, of in differentials.items() if name in set(map(bare, signs))}
    return {tensors[sign] for sign in found if sign in tensors}


def _with_loss(equations: Sequence[Equation], spoken: Collection[Tensor]) -> list[Equation]:
    """``equations``, with E any function of what the page computes last where it is not told.

    Where several things are computed last, it is a function of those of whose slopes is ``spoken``.
    """
    made = [tensor_of(e.lhs) for e in equations if tensor_of(e.lhs) != LOSS]
    told = [e for e in equations if tensor_of(e.lhs) == LOSS]
    if told and tensors_in(told[0].rhs) & set(made):
        return list(equations)
    rest = [e for e in equations if tensor_of(e.lhs) != LOSS]
    before = behind(Program(tuple(rest)))
    ends = [t for k, t in enumerate(made) if _is_end(t, made[k + 1 :], before)]
    ends = [t for t in ends if t in spoken] or ends
    return [*rest, Equation("E", LOSS[()], Functional(*(tensor.entry for tensor in ends)))]


def _is_end(
    tensor: Tensor, later: Sequence[Tensor], before: Mapping[Tensor, Collection[Tensor]]
) -> bool:
    """Whether nothing is computed from ``tensor`` but what stands before it, at another time."""
    users = [other for other, found in before.items() if tensor in found]
    return not any(user in later or user not in before[tensor] for user in users if user != tensor)


MASKS = frozenset("mMrRξ")


def _masks(rights: Sequence[tree.Formula]) -> set[Sign]:
    """What only multiplies something entry by entry, and is called as masks are."""
    found = [p for right in rights for p in parts(right) if isinstance(p, Sign) and p.indices]
    within = [
        p for right in rights for b in parts(right) if isinstance(b, tree.Big) for p in parts(b)
    ]
    return {bare(p) for p in found if p.glyph in MASKS and p not in within}


def _named_slopes(
    lines: Sequence[Line], tensors: Mapping[Sign, Tensor], loss: str
) -> dict[Tensor, Sign]:
    """Names that the page gives derivatives of the loss: δ_tj = ∂E/∂u_tj."""
    found: dict[Tensor, Sign] = {}
    for line in lines:
        if len(line.sides) < 2:
            continue
        left, right = line.sides[:2]
        if not (isinstance(right, tree.Derivative) and right.of == Sign(loss)):
            continue
        if isinstance(left, Sign) and isinstance(right.wrt, Sign):
            tensor = tensors.get(bare(right.wrt))
            if tensor is not None and left.indices == right.wrt.indices:
                found.setdefault(tensor, bare(left))
    return found
