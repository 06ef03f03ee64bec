"""Statements of one operation as calls that write where they are told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from symbp.lowering.arrays import (
    Assign,
    At,
    Call,
    Copy,
    Einsum,
    Empty,
    Expand,
    First,
    Join,
    MatMul,
    Name,
    Named,
    Overlay,
    Part,
    Pick,
    Places,
    Reduce,
    Reshape,
    Slice,
    Tensordot,
    Transpose,
    Value,
    Window,
)
from symbp.lowering.contract import subscripts
from symbp.lowering.passes.lying import order_of_labels
from symbp.lowering.passes.numbers import VIEWS, is_leaf
from symbp.lowering.passes.rooms import Manner, Writes
from symbp.lowering.passes.steps import Sizes, inside
from symbp.targets.numpy.matrices import Matrices
from symbp.targets.numpy.outside import is_shift, padded, shifted
from symbp.targets.numpy.spelling import ATOM, Spelling

COMPARING = ("greater", "greater_equal", "less", "less_equal", "equal", "not_equal")

UFUNCS = {
    "add": "add", "sub": "subtract", "mul": "multiply", "div": "divide", "neg": "negative",
    "power": "power", "square": "square", "reciprocal": "reciprocal", "sqrt": "sqrt",
    "abs": "abs", "sign": "sign", "maximum": "maximum", "minimum": "minimum",
    "exp": "exp", "log": "log", "expm1": "expm1", "log1p": "log1p",
    "sin": "sin", "cos": "cos", "tan": "tan", "sinh": "sinh", "cosh": "cosh", "tanh": "tanh",
    "logaddexp": "logaddexp", "arctan": "arctan",
    "arcsinh": "arcsinh", **{op: op for op in COMPARING},
}  # fmt: skip
"""Operations entry by entry: what NumPy calls them."""

CLIP = 'mode="clip"'
"""Else NumPy writes elsewhere first, in case that a place is none."""

WRITING = {"erf": "write_erf", "erfc": "write_erfc"}
"""Helpers that write where they are told, for those that make arrays."""

AUGMENTED = {"add": "+=", "sub": "-=", "mul": "*=", "div": "/="}
COMMUTING = ("add", "mul")

REDUCED = {"sum": "add", "max": "maximum"}

FLOAT, BOOL, PLACE = "dtype", "bool", "np.intp"
"""The kinds of numbers that rooms hold: of the module's precision, true or false, and places."""


@dataclass(frozen=True)
class InPlace:
    """Spells statements; ``exact`` tells names of arrays that are of the module's precision."""

    spelling: Spelling
    exact: Callable[[Named], bool]
    matrices: Matrices
    sizes: Sizes = field(default_factory=dict)
    pieces: Mapping[Named, str] = field(default_factory=dict)
    """For what is put together of pieces, the name of these."""
    levels: Mapping[Named, str] = field(default_factory=dict)
    """For what is never below a number, or never above it, the name of an array of it."""
    planes: Mapping[Named, str] = field(default_factory=dict)
    """For what is true at the first of several entries, the name of these, plane by plane."""
    assigning: bool = False
    """Whether ``a += b`` may stand where arrays get names; not where these are from outside."""

    def text(self, statement: Assign, target: str, *, placed: bool) -> str:
        """One statement; ``placed`` if there is an array that ``target`` is the name of."""
        value = statement.value
        if statement.adds:
            return f"np.add({target}, {self.spelling.text(value)}, out={target})"
        if not placed:
            return f"{target} = {self.spelling.text(value)}"
        if not target or not statement.target.axes:
            return f"{target}[...] = {self.spelling.text(value)}"
        if statement.target.of in self.pieces:
            return self._in_pieces(value, target, self.pieces[statement.target.of])
        if isinstance(value, First):
            return self._first(value, target, statement.target.of)
        if statement.target.of in self.levels and isinstance(value, Call):
            args = f"{self._text(value.args[0])}, {self.levels[statement.target.of]}"
            return f"np.{UFUNCS[value.op]}({args}, out={target})"
        return (
            self._product(statement, target)
            or self._picked(statement, target)
            or self._at(statement, target)
            or self._written(value, target)
        )

    def _picked(self, statement: Assign, out: str) -> str | None:
        """Entries by their labels, if both lie in memory alike."""
        value = statement.value
        if not isinstance(value, Pick):
            return None
        array, labels = value.args
        order = self.matrices.orders(statement.target.of) or tuple(range(len(value.axes)))
        own = order_of_labels(value, order)
        if own is None:
            return None
        turned = self.spelling.transposed
        where = f"{turned(self._text(labels), own)}, axis={value.position}"
        return f"{self.spelling.text(array, ATOM)}.take({where}, out={turned(out, order)}, {CLIP})"

    def _at(self, statement: Assign, out: str) -> str | None:
        """Entries by their places, which may lie in memory as the result does."""
        value, turned = statement.value, self.spelling.transposed
        if not isinstance(value, At):
            return None
        array, places = value.args
        order = self.matrices.orders(statement.target.of)
        alike = order if order == self.matrices.orders(getattr(places, "of", None)) else ()
        row = turned(self.spelling.text(array, ATOM), value.order)
        where = turned(self._text(places), alike)
        return f"{row}.reshape(-1).take({where}, out={turned(out, alike)}, {CLIP})"

    def _in_pieces(self, value: Value, out: str, pieces: str) -> str:
        """What is put together lies alone: its margins are 0 from the beginning."""
        if isinstance(value, Copy):
            return f"for whole, part in {pieces}:\n    np.copyto(part, whole)"
        added = "np.add(whole, part, out=whole)"
        return f"{out}.fill(0)\nfor whole, part in {pieces}:\n    {added}"

    def _product(self, statement: Assign, out: str) -> str | None:
        """A product that is one of matrices, if what it reads and writes lies in memory so."""
        value: Value = statement.value
        target = statement.target
        order: tuple[int, ...] = ()
        if isinstance(value, Transpose) and isinstance(value.arg, Tensordot):
            order, value = value.order, value.arg
        if not isinstance(target, Name) or not all(map(self._is_exact, value.parts)):
            return None
        if isinstance(value, Tensordot):
            return self.matrices.tensordot(value, target, out, order)
        return self.matrices.matmul(value, target, out) if isinstance(value, MatMul) else None

    def _written(self, value: Value, out: str) -> str:
        match value:
            case Call(op="where", args=(condition, yes, no)):
                first = f"np.copyto({out}, {self._text(no)})"
                return (
                    f"{first}\nnp.copyto({out}, {self._text(yes)}, where={self._text(condition)})"
                )
            case Call(op="mul", args=(mask, Expand() as sent)) if self._is_mask(mask, sent):
                own = f"np.multiply({out}, {self._text(sent)}, out={out})"
                return f"np.copyto({out}, {self._text(mask)})\n{own}"
            case Call(op=op, args=args) if self.assigning and (rest := self._rest(op, args, out)):
                return f"{out} {AUGMENTED[op]} {self._text(rest)}"
            case Call(op=op, args=args) if op in UFUNCS and not is_leaf(value):
                return f"np.{UFUNCS[op]}({', '.join(map(self._text, args))}, out={out})"
            case Call(op=op, args=(arg,)) if op in WRITING:
                return f"{WRITING[op]}({self._text(arg)}, {out})"
            case MatMul(args=args):
                a, b = (self.spelling.text(arg, ATOM) for arg in args)
                if not self._is_plain(args):
                    return f"np.matmul({a}, {b}, out={out})"
                return self.matrices.product(args, a, b, out)
            case Join(args=args, position=position):
                arrays = ", ".join(map(self._text, args))
                return f"np.concatenate(({arrays}), axis={position}, out={out})"
            case Places(args=(labels,)):
                return f"np.copyto({out}, {self._text(labels)})"
            case Places(args=(labels, step, start)):
                far = f"np.multiply({self._text(labels)}, {self._text(step)}, out={out})"
                return f"{far}\nnp.add({out}, {self._text(start)}, out={out})"
            case Places(args=(labels, start)):
                return f"np.add({self._text(labels)}, {self._text(start)}, out={out})"
            case Einsum(args=args, subscripts=letters):
                return self._einsum(letters, args, out)
            case Tensordot(args=args):
                return self._einsum(subscripts(value), args, out)
            case Window() if is_shift(value):
                return shifted(value, out, self.spelling.text(value.arg, ATOM))
            case Window() if inside(value, self.sizes):
                return padded(value, out, self.spelling.text(value.arg, ATOM), self.sizes)
            case Copy(arg=arg):
                return f"{out}[...] = {self._text(arg)}"
            case Reshape(arg=arg):
                sizes = (self.spelling.size(index.axis) for index in arg.axes if index is not None)
                return f"np.copyto({out}.reshape({', '.join(sizes)}), {self._text(arg)})"
            case Reduce(arg=arg, op=op) if op in REDUCED:
                return f"np.{REDUCED[op]}.reduce({self._text(arg)}, {_axis(value)}, out={out})"
        return f"{out}[...] = {self._text(value)}"

    def _einsum(self, letters: str, args: Sequence[Value], out: str) -> str:
        """Sums of products that are none of matrices; numbers may be of several kinds."""
        casting = "" if all(map(self._is_exact, args)) else ', casting="same_kind"'
        return f'np.einsum("{letters}", {", ".join(map(self._text, args))}, out={out}{casting})'

    def _rest(self, op: str, args: tuple[Value, ...], out: str) -> Value | None:
        """What ``out`` is changed by, where that is all that an operation does."""
        first, *others = args
        if op in AUGMENTED and len(others) == 1:
            if self._text(first) == out:
                return others[0]
            if op in COMMUTING and self._text(others[0]) == out:
                return first
        return None

    def _first(self, value: First, out: str, of: Named) -> str:
        """What equals the largest, of which the first is left."""
        array, top = value.args
        wider = slots(value.positions, ["None"] * len(value.positions))
        equal = f"np.equal({self._text(array)}, {self._text(top)}[{wider}], out={out})"
        return f"{equal}\nearliest({self.planes[of]})" if of in self.planes else equal

    def _text(self, value: Value) -> str:
        return self.spelling.text(value)

    def _is_plain(self, args: tuple[Value, ...]) -> bool:
        """Whether NumPy's faster product will do: of matrices, or a vector and a matrix."""
        return all(len(arg.axes) in (1, 2) and self._is_exact(arg) for arg in args)

    def _is_mask(self, mask: Value, sent: Value) -> bool:
        """Whether numbers go to where something is true: NumPy is slow to multiply the two."""
        return isinstance(mask, Name) and self._is_exact(sent) and not self._is_exact(mask)

    def _is_exact(self, value: Value) -> bool:
        while not isinstance(value, (Name, Slice)) and value.parts:
            value = value.parts[0]
        return isinstance(value, (Name, Slice)) and self.exact(value.of)


@dataclass(frozen=True)
class Manners:
    """How each of ``statements`` leaves its result: what InPlace has words for goes to a room."""

    statements: Sequence[Assign]
    sizes: Sizes = field(default_factory=dict)

    def __call__(self, statement: Assign) -> Manner:
        value = statement.value
        if isinstance(value, Empty):
            return Manner(Writes.APART, FLOAT)
        if statement.adds or isinstance(statement.target, Slice):
            return Manner(Writes.THERE)
        if not value.axes or isinstance(value, Part):
            return Manner(Writes.NEW)
        if is_leaf(value) and statement.loop is not None:
            return Manner(Writes.NEW)
        if is_leaf(value):
            writes = Writes.SAME if isinstance(value, Name) else Writes.APART
            return Manner(writes, self._kind(value))
        match value:
            case Call(op="where", args=(condition, *_)) if self._kind(condition) == BOOL:
                return Manner(Writes.APART, FLOAT)
            case Call(op=op) if op in (*UFUNCS, *WRITING):
                return Manner(Writes.OVER, self._kind(value))
            case MatMul() | Tensordot() | Join():
                return Manner(Writes.APART, FLOAT)
            case Einsum(args=args) if len(args) > 1:
                return Manner(Writes.APART, FLOAT)
            case Reduce(op=op) if op in REDUCED:
                return Manner(Writes.APART, FLOAT)
            case Window() if is_shift(value) or inside(value, self.sizes):
                return Manner(Writes.APART, FLOAT)
            case Overlay():
                return Manner(Writes.APART, FLOAT)
            case Transpose(arg=Tensordot() | Overlay()):
                return Manner(Writes.APART, FLOAT)
            case Copy(arg=Window()):
                return Manner(Writes.ALONE, self._kind(value))
            case Copy():
                return Manner(Writes.APART, self._kind(value))
            case First():
                return Manner(Writes.APART, BOOL)
            case Reshape(arg=arg) if len(arg.axes) > len(value.axes):
                return Manner(Writes.APART, self._kind(value))
            case Places():
                return Manner(Writes.APART, PLACE)
            case At() | Pick():
                return Manner(Writes.APART, FLOAT)
        return Manner(Writes.NEW)

    def _kind(self, value: Value) -> str:
        """Whether a value is true or false, or a number, as NumPy has it."""
        return _kind(value, self._kinds)

    @cached_property
    def _kinds(self) -> dict[Named, str]:
        found: dict[Named, str] = {}
        for each in self.statements:
            found[each.target.of] = _kind(each.value, found)
        return found


def _kind(value: Value, known: Mapping[Named, str]) -> str:
    while isinstance(value, VIEWS):
        value = value.arg
    if isinstance(value, Name):
        return known.get(value.of, FLOAT)
    if isinstance(value, First):
        return BOOL
    if isinstance(value, (Reshape, Window, Copy)):
        return _kind(value.arg, known)
    if not isinstance(value, Call):
        return FLOAT
    both = value.op == "mul" and {_kind(arg, known) for arg in value.args} == {BOOL}
    return BOOL if both or value.op in COMPARING else FLOAT


def slots(positions: Sequence[int], texts: Sequence[str]) -> str:
    """What stands at ``positions`` of an index, up to the last of them."""
    at = dict(zip(positions, texts, strict=True))
    return ", ".join(at.get(p, ":") for p in range(max(positions) + 1))


def _axis(value: Reduce) -> str:
    positions = value.positions
    axis = f"axis={positions[0] if len(positions) == 1 else positions}"
    return f"{axis}, keepdims=True" if value.keep else axis
