"""The state of an interpretation: what was assigned so far, and how a value gets a name."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sympy import Expr, Integer, KroneckerDelta, Rational

from symbp.equations.axis import Axis, Index, Size
from symbp.equations.calculus import ArgLargest
from symbp.equations.tensor import (
    Role,
    Tensor,
    entries,
    indices_of,
    is_entry,
    tensor_of,
)
from symbp.verification.code.arrays import Arrays, Unsupported, truth
from symbp.verification.code.holding import Holding
from symbp.verification.code.limits import BITS, Budget, offset
from symbp.verification.code.selecting import Selecting
from symbp.verification.code.sharing import reached
from symbp.verification.code.trouble import CodeTrouble
from symbp.verification.code.values import Arr, Cell, Frame, Hints, Open, Unknown, Value
from symbp.verification.code.vocabulary import Lost
from symbp.verification.text import Spot, Text

RATES = re.compile(
    r"(?i)^(lr|l_?rate|learning_?rate|learn_rate|alpha|eta|rate|step|step_?size|lambda_?|lambd|lam|lmbda|"
    r"reg|reg_?\w*|decay|weight_decay|momentum|mu|beta\d?|rho|gamma_lr|eps|epsilon|l2\w*|keep_?prob|"
    r"dropout\w*|p_drop)$"
)
COUNTS = re.compile(
    r"(?i)^(m|n|num\w*|n_\w+|\w+_size|\w*_?dim|\w*size|\w*_?nodes|\w*_?units|epochs?|"
    r"\w*iter\w*|batch|hidden|d|d_(in|out|h|hid\w*|model)|(?-i:D(_\w*|in|out|\d))|H\d?|K|N|C|"
    r"classes|layers|L|strides?|stride_[hwxy]|pad|padding|pool_?(height|width|h|w)|dilation)$"
)
DATA = re.compile(
    r"(?i)^(x|y|t|d|a0|z0|x_?\w*|y_?\w*|t_\w+|inputs?\w*|data\w*|targets?|labels?|samples?|outputs?_?true|"
    r"expected\w*|ground_truth|teacher|answers?|training_\w+|train_\w+)$"
)
BIASES = re.compile(
    r"(?i)(^|[._\[\"'])(b|bias|biases|theta)[_\d]*[a-z]?\d*[\"'\]]*$|bias(?!.*grad)"
)
GRADIENT = re.compile(
    r"(^|[._\[\"'])(d[A-Zbwh_]|delta|nabla|grad|[gvms]_|[vms][A-Z]|velocity|moment|cache|acc)"
)
SCALES = re.compile(r"(?i)^(gamma|beta|gain|scale|shift|bias|weight|g|b)$")
"""What a layer is scaled and shifted by, a number for each unit."""
FREE = {"vectors": 1, "stacks": 3, "grids": 4}
"""Layouts in which all but weights have so many dimensions."""
LOSSES = re.compile(
    r"(?i)^(self\.)?(\w*loss\w*|\w*cost\w*|\w*error\w*|err|J|L|E|l|mse|\w*entropy|ce|nll|\w*objective)$"
)
PAIRS = re.compile(r"(?i)(data|pairs|examples|batch|batches|mini_batch\w*|samples)$")
TINY = Rational(1, 10**5)


class Halt(Exception):
    """Nothing more can be read: a limit was reached."""


class Restart(Exception):
    """Read again from the beginning, knowing that the statement at ``key`` means ``choice``."""

    def __init__(self, key: tuple[str, int, int], choice: str) -> None:
        super().__init__(key, choice)
        self.key, self.choice = key, choice


@dataclass
class Loop:
    """A loop over samples, read once for a position ``index`` in general."""

    index: Index
    node: ast.AST
    read: set[Cell] = field(default_factory=set)
    added: dict[Cell, list[tuple[Expr, Arr, ast.AST]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Made:
    """An assignment before its axes are settled: ``tensor[idx] = rhs``."""

    name: str
    tensor: Tensor
    idx: tuple[Index, ...]
    rhs: Expr
    dims: tuple[Axis | None, ...]
    node: ast.AST
    function: str

    @property
    def lhs(self) -> Expr:
        return self.tensor[self.idx]


class Machine(Holding):
    """All that is remembered; ``decisions`` are what earlier attempts found out."""

    def __init__(
        self, text: Text, hints: Hints, decisions: dict[tuple[str, int, int], str], budget: Budget
    ) -> None:
        self.text, self.hints, self.decisions, self.budget = text, hints, decisions, budget
        self.on = Arrays()
        self.select = Selecting(self.on)
        self.made: list[Made] = []
        self.updates: list[tuple[str, Tensor, Expr, ast.AST]] = []
        self.shown: list[tuple[str, Expr, ast.AST]] = []
        self.taken: list[tuple[str, ast.AST]] = []
        self.measured: list[Expr] = []  # Σ dout · out, where a derivative comes from outside
        self.wanted: list[tuple[Tensor, Tensor, ast.AST]] = []  # what is by what, of such
        self.aliases: list[tuple[str, Tensor, ast.AST]] = []
        self.shorter: Mapping[int, int] = {}  # numbers that others may stand for
        self.trained: frozenset[str] = frozenset()  # numbers that are parameters
        self.kept: list[tuple[str, Tensor, ast.AST]] = []
        self.troubles: list[CodeTrouble] = []
        self.assumed: list[tuple[str, ast.AST]] = []  # calls that are taken to write nothing
        self.partly: list[set[Cell]] = []  # arrays that loops of which one turn is read fill
        self.kinds: dict[Tensor, str] = {}
        self.rates: dict[tuple[str, Expr | None], Arr] = {}
        self.guesses: dict[Tensor, str] = {}
        self.tails: dict[Axis, tuple[str, int, int]] = {}  # what is left of an axis, and where
        self.known: dict[Tensor, Expr] = {}
        self.roots: dict[Tensor, Tensor] = {}
        self.loops: list[Loop] = []
        self.strides: list[tuple[Arr, tuple[Expr, ...]]] = []  # of arrays, where they were asked
        self.versions: Counter[str] = Counter()
        self.frame = Frame()
        self.top = self.frame
        self.node: ast.AST = ast.Module([], [])
        self.statement: ast.AST = self.node
        self.own: tuple[Cell, ...] = ()
        self.depth = 0
        self.last_names: dict[str, Value] = {}
        self._lines = [0]
        for line in text.content.split("\n"):
            self._lines.append(self._lines[-1] + len(line) + 1)

    # ------------------------------------------------------------ places

    def spot(self, node: ast.AST) -> Spot:
        return self.text.at(
            offset(self.text, getattr(node, "lineno", 1), getattr(node, "col_offset", 0))
        )

    def source(self, node: ast.AST) -> str:
        """What was typed for ``node``."""
        if isinstance(node, ast.Name):
            return node.id
        if not hasattr(node, "end_col_offset"):
            return ""
        place: Any = node
        first = self._at(place.lineno, place.col_offset)
        last = self._at(place.end_lineno, place.end_col_offset)
        return self.text.content[first:last]

    def _at(self, line: int, column: int) -> int:
        start, stop = self._lines[line - 1], self._lines[line]
        typed = self.text.content[start:stop]
        if not typed.isascii():
            column = len(typed.encode()[:column].decode(errors="ignore"))
        return start + column

    @staticmethod
    def key(what: str, node: ast.AST) -> tuple[str, int, int]:
        return what, getattr(node, "lineno", 0), getattr(node, "col_offset", 0)

    def trouble(self, code: str, node: ast.AST, **facts: str) -> Unknown:
        """Remember what was not understood; the value there is not known."""
        at = self.spot(node)
        if not any((t.code, t.line, t.column) == (code, at.line, at.column) for t in self.troubles):
            self.troubles.append(CodeTrouble(code, at.line, at.column, facts))
        return Unknown(code)

    def spend(self, node: ast.AST) -> None:
        if (out := self.budget.spend()) is not None:
            self.trouble(out, node)
            raise Halt

    # ------------------------------------------------------------ tensors

    def version(self, name: str) -> str:
        self.versions[name] += 1
        count = self.versions[name]
        return name if count == 1 else f"{name}#{count}"

    def new_input(self, name: str, dims: tuple[Axis | None, ...], kind: str) -> Arr:
        """A tensor that nothing computes."""
        idx = tuple(None if d is None else self.on.axes.index(d) for d in dims)
        real = tuple(i for i in idx if i is not None)
        role = Role.CONSTANT if kind == "rate" else Role.OTHER
        typed = f"({name})" if kind in ("random", "literal") else name
        tensor = Tensor(self.version(typed), tuple(i.axis for i in real), role)
        self.kinds[tensor] = kind
        return Arr(idx, tensor[real])

    def origin(self, tensor: Tensor) -> Tensor:
        """The tensor of which ``tensor`` has the entries, as they stand."""
        for made in reversed(self.made):
            if made.tensor == tensor and is_entry(made.rhs):
                tensor = tensor_of(made.rhs)
        return tensor

    def meet(self, left: Arr, right: Arr) -> None:
        """Data whose shape was guessed gets a dimension of one entry where what is computed has.

        ``y - out`` with out (n, 1): y is (n, 1) too, and is not repeated. Raises ``Restart``.
        """
        for mine, other in ((left, right), (right, left)):
            found = entries(mine.body)
            if mine.rank != other.rank or mine.rank < 2 or len(found) != 1:
                continue
            for i, j in zip(mine.idx, other.idx, strict=True):
                tail = None if i is None or j is not None else self._tail(i.axis)
                if tail is not None and other.real:
                    raise Restart(tail, "1")
            tensor = tensor_of(found[0])
            if self.kinds.get(tensor) != "data" or tensor not in self.guesses or not other.real:
                continue
            if self.hints.is_pair or self._is_made_of(other, tensor):
                continue
            for i, j in zip(mine.idx, other.idx, strict=True):
                if (
                    i is not None
                    and j is None
                    and self.on.axes.size(i.axis) is None
                    and i in found[0].indices
                ):
                    place = found[0].indices.index(i)
                    raise Restart((f"one {self.guesses[tensor]}", place, 0), "1")

    def _is_made_of(self, arr: Arr, tensor: Tensor) -> bool:
        """Whether ``arr`` is computed from ``tensor``, as its mean is."""
        return tensor in self._sources(arr)

    def is_learnt(self, arr: Arr) -> bool:
        """Whether ``arr`` is computed, from more than data; a buffer that is empty is, too."""
        kinds = {self.kinds.get(tensor) for tensor in self._sources(arr)}
        return not self.is_input(arr) and (not kinds or bool(kinds & {"parameter", "open"}))

    def _sources(self, arr: Arr) -> set[Tensor]:
        """All that ``arr`` is computed from."""
        parts = {made.tensor: made.rhs for made in self.made}
        seen = {tensor_of(e) for e in entries(arr.body)}
        frontier = list(seen)
        while frontier:
            rhs = parts.get(frontier.pop())
            fresh = {tensor_of(e) for e in entries(rhs)} - seen if rhs is not None else set()
            seen |= fresh
            frontier += fresh
        return seen

    def _tail(self, axis: Axis) -> tuple[str, int, int] | None:
        """The slice that ``axis`` is what is left by, where nothing says how much that is."""
        if self.on.axes.size(axis) is not None:
            return None
        here = self.on.axes.find(axis)
        return next((key for a, key in self.tails.items() if self.on.axes.find(a) == here), None)

    def constant(self, name: str, value: Expr | None) -> Arr:
        """A named number: it stands in equations by its name."""
        if (name, value) in self.rates:
            return self.rates[name, value]
        made = self.rates[name, value] = self.new_input(name, (), "rate")
        if value is not None:
            self.known[tensor_of(made.body)] = value
        return made

    def note_size(self, stop: Arr, axis: Axis) -> None:
        """A number that nobody says, N of ``range(N)``, is how many entries there are."""
        for key, known in self.rates.items():
            if known.body == stop.body and key[1] is None:
                self.rates[key] = Arr((), axis.size)
        for value in self.top.names.values():
            if isinstance(value, Open) and value.cell and value.cell.value.body == stop.body:
                value.cell.value = Arr((), axis.size)

    def numeric(self, arr: Arr) -> Expr | None:
        """The number that ``arr`` is, named ones and known sizes included."""
        body = arr.body
        if arr.rank or body.is_number:
            return body if not arr.rank else None
        names = {t.symbol: v for t, v in self.known.items()}
        for size in body.atoms(Size):
            if (known := self.on.axes.size(size.axis)) is not None:
                names[size] = Integer(known)
        value = body.xreplace(names)
        return value if value.is_number else None

    def settled_number(self, value: Value, default: int) -> Expr:
        """A whole number that positions are counted by; ``default`` where nobody says it.

        Raises ``Unsupported`` for what is no number.
        """
        arr = self.arr(value)
        body = self.on.axes.current(arr.body)
        for entry in entries(body):
            if self.kinds.get(tensor_of(entry)) in ("rate", "counter", "open", "data"):
                known = self.known.setdefault(tensor_of(entry), Integer(default))
                body = body.xreplace({entry: known})
        if arr.rank or not body.is_Integer:
            raise Unsupported("a number that is not known")
        return body

    def arr(self, value: Value) -> Arr:
        raise NotImplementedError  # another part of the reader has it

    def whole(self, arr: Arr) -> int | None:
        value = self.numeric(arr)
        return int(value) if value is not None and value.is_Integer else None

    def is_input(self, arr: Arr) -> bool:
        """Whether an array is a tensor that nothing computes, entry by entry."""
        return self.bare(arr) and tensor_of(arr.body) in self.kinds

    @staticmethod
    def bare(arr: Arr) -> bool:
        """Whether an array is nothing but a tensor, its axes in any order."""
        if not is_entry(arr.body):
            return False
        indices = indices_of(arr.body)
        return len(indices) == len(arr.real) and set(indices) == set(arr.real)

    def _collapses(self, arr: Arr) -> bool:
        """Whether an array is drawn at random and no more."""
        if arr.body.has(KroneckerDelta):  # one of several places is not just any number
            return False
        found = entries(arr.body)
        return bool(found) and all(self.kinds.get(tensor_of(e)) == "random" for e in found)

    def store(self, name: str, arr: Arr, node: ast.AST, old: Arr | None = None) -> Arr:
        """A new version of ``name``: a tensor and its equation, where there is something to say."""
        body = arr.body
        if (
            isinstance(body, Expr)
            and body.is_Rational
            and max(body.p.bit_length(), body.q.bit_length()) > BITS
        ):
            raise ValueError("number")
        anonymous = self.is_input(arr) and self.kinds[tensor_of(body)] in ("random", "literal")
        if (anonymous or self._collapses(arr)) and not self._looped(arr):
            drawn = self._collapses(arr) and not DATA.match(name)
            kind = "parameter" if drawn else "data"
            tensor = tensor_of(body) if anonymous else None
            new = self.new_input(name, tuple(i and i.axis for i in arr.idx), kind)
            if tensor in self.on.labels:
                self.on.labels[tensor_of(new.body)] = self.on.labels[tensor]
            return self._as_kept(new, arr)
        if not arr.rank and not entries(body):
            return arr
        if self.bare(arr):
            self.kept.append((name, tensor_of(body), node))
            return arr
        if isinstance(body, (ArgLargest, Index)):
            return arr
        if arr.rank and not entries(body) and old is None:  # zeros, eye, arange
            return arr
        over = tuple(loop.index for loop in self.loops if body.has_free(loop.index))
        idx = (*over, *arr.real)
        tensor = Tensor(self.version(name), tuple(i.axis for i in idx))
        dims = tuple(None if i is None else i.axis for i in arr.idx)
        self.made.append(Made(name, tensor, idx, body, dims, node, self.frame.function))
        if old is not None:
            self._updated(name, old, arr, tensor, idx, node)
        return self._as_kept(Arr(arr.idx, tensor[idx]), arr)

    @staticmethod
    def _as_kept(new: Arr, arr: Arr) -> Arr:
        """``new``, by whose name ``arr`` is kept: what holds booleans still does."""
        return new if arr.condition is None else replace(new, condition=truth(Arr((), new.body)))

    def _looped(self, arr: Arr) -> bool:
        return any(arr.body.has_free(loop.index) for loop in self.loops)

    def _updated(
        self, name: str, old: Arr, new: Arr, tensor: Tensor, idx: tuple[Index, ...], node: ast.AST
    ) -> None:
        """Remember a change of a parameter: ``old`` is one, and ``new`` starts from it."""
        if not self.bare(old):
            return
        before = tensor_of(old.body)
        root = self.roots.get(before, before)
        if self.kinds.get(root) not in ("parameter", "open") or not entries(new.body, before):
            return
        same = old.rank == new.rank and all(
            (i is None) == (j is None) for i, j in zip(old.idx, new.idx, strict=True)
        )
        if not same:  # the parameter grows by its own update
            self.trouble("shapes", node, left=self.on.said(old), right=self.on.said(new))
            return
        here = old.body.xreplace({i: j for i, j in zip(old.idx, new.idx, strict=True) if i})
        if here not in entries(new.body, before):  # its entries in another order: no update
            return
        self.roots[tensor] = root
        names = dict(zip(new.idx, old.idx, strict=True))
        order = dict(zip(indices_of(old.body), indices_of(root.entry), strict=True))
        places = [order[names[i]] if i in names else i for i in idx]
        after = tensor[tuple(places)]
        self.updates.append((name, root, after, node))

    # ------------------------------------------------------------ names that refer to arrays

    def read(self, cell: Cell, node: ast.AST | None = None) -> Arr:
        """The array that a name refers to. Raises ``Lost`` where it is not known any more."""
        if cell.lost:
            raise Lost
        if cell not in self.own:
            cell.used = True
        for loop in self.loops[cell.depth :]:
            if cell in loop.added:
                raise Restart(self.key("loop", loop.node), "once")
            loop.read.add(cell)
        return cell.value

    def opened(self, given: Open, rank: int | None = None) -> Cell:
        """What nothing is known of, used as an array or a number."""
        if given.cell is None:
            dims = self.guessed(given.name, rank)
            if rank is not None:  # what parts are taken from has more than one entry
                dims = (*dims, *(None,) * (rank - len(dims)))
                dims = tuple(d or self.on.axes.fresh() for d in dims)
            bare = given.name.rpartition(".")[2].strip("\"'[]")
            is_rate = RATES.match(bare) and not (self.hints.is_pair and SCALES.match(bare))
            if not dims and (is_rate or self._is_count(bare)):
                arr = self.constant(bare, None)
            else:
                kind = "data" if DATA.match(bare) else "open"
                arr = self.new_input(given.name, dims, kind)
                if bare not in self.hints.shapes and is_entry(arr.body):
                    self.guesses[tensor_of(arr.body)] = given.name
            given.cell = self.new_cell(arr, given.name, 0, tuple(reached(*given.of)))
        return given.cell

    def _is_count(self, name: str) -> bool:
        """Whether what is called so is a number of things; d beside x is what is wanted of it."""
        if self.hints.is_pair and len(name) < 3 and name.islower():
            return False
        is_target = name == "d" and not {"x", "X"}.isdisjoint(self.frame.names)
        return COUNTS.match(name) is not None and not is_target

    def guessed(self, name: str, rank: int | None) -> tuple[Axis | None, ...]:
        """Dimensions for what is called ``name``; the layout is one of the ``decisions``."""
        bare = re.split(r"[.\[]", name)[-1].strip("\"'[]") or name
        if bare in self.hints.shapes:
            return tuple(None if n == 1 else self.on.axes.fresh(n) for n in self.hints.shapes[bare])
        fresh = self.on.axes.fresh
        decided = self.decisions.get((f"rank {name}", 0, 0))
        if decided is not None:
            return (
                (None, fresh()) if decided == "row" else tuple(fresh() for _ in range(int(decided)))
            )
        if self.hints.is_pair and SCALES.match(bare):
            return (fresh(),)
        if RATES.match(bare) or (self._is_count(bare) and rank is None):
            return ()
        layout = self.decisions.get(("layout", 0, 0), "rows")
        if BIASES.search(bare) or re.match(r"(?i)d?b\d*$", bare):
            return {
                "rows": (fresh(),),
                "flat": (None, fresh()),
                "columns": (fresh(), None),
                "column": (fresh(), None),
            }.get(layout, (fresh(),))
        if layout == "column" and DATA.match(bare):
            return (fresh(), None)
        if layout in FREE and not re.match(r"(?i)d?w|.*weight|theta", bare):
            return tuple(fresh() for _ in range(FREE[layout]))
        ones = [(f"one {name}", place, 0) in self.decisions for place in range(2)]
        return tuple(None if one else fresh() for one in ones)
