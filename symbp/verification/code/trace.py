"""What a program computes, as equations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sympy import Expr

from symbp.equations.axis import Axis
from symbp.equations.equation import Equation
from symbp.equations.tensor import Tensor
from symbp.verification.code.trouble import CodeTrouble
from symbp.verification.text import Spot


@dataclass(frozen=True)
class Array:
    """A value of a program: ``body`` is its entry at ``indices``, one an array dimension.

    A dimension of one entry that exists only to be repeated is None.
    """

    indices: tuple[Expr | None, ...]
    body: Expr


@dataclass(frozen=True)
class Assigned:
    """A statement that gave a name an array: ``equation`` defines the tensor of this version.

    ``name`` is what was typed on the left (``W1``, ``self.params["W1"]``), ``dims`` tells for each
    array dimension the axis of the tensor (None: a dimension of one entry).
    """

    name: str
    equation: Equation
    dims: tuple[Axis | None, ...]
    at: Spot
    text: str
    function: str = ""  # in which it stands


@dataclass(frozen=True)
class Update:
    """A parameter that got a new value: ``before`` is what forward read, ``after`` the new one.

    One that is changed several times in a step gives an update each time, all from the same
    ``before``: the last one is what the step does.
    """

    name: str
    before: Tensor
    after: Expr  # the entry of the new value at the indices of ``before.entry``
    at: Spot
    text: str


@dataclass(frozen=True)
class Trace:
    """One step of training, in single-assignment order.

    ``inputs`` are tensors that nothing computes: data, targets, parameters before the step, rates.
    ``sizes`` are those that the program itself fixes. ``shown`` are scalars that are printed,
    returned or stored, by name: candidates for the loss. A size of 1 in ``sizes`` has to be obeyed.

    ``values`` are those of named numbers (rates, penalties), which stand in equations by name.
    ``joined`` are axes found to be one although an array has both, by the sizes alone (or in a
    square matrix): the array's name, and where. ``aliases`` are further names of an array: the
    name, the array, where, and the statement; ``kept`` the same for arrays that are handed on, as
    what a function returns is. ``taken`` are liberties: a clipped value taken for
    the value, a tiny number for nothing. ``troubles`` is all that was not understood.
    """

    assigned: tuple[Assigned, ...]
    updates: tuple[Update, ...]
    inputs: Mapping[str, Tensor] = field(default_factory=dict)
    sizes: Mapping[Axis, int] = field(default_factory=dict)
    shown: tuple[tuple[str, Expr, Spot], ...] = ()
    values: Mapping[Tensor, Expr] = field(default_factory=dict)
    joined: tuple[tuple[str, Spot], ...] = ()
    taken: tuple[tuple[str, Spot], ...] = ()
    troubles: tuple[CodeTrouble, ...] = ()
    aliases: tuple[tuple[str, Tensor, Spot, str], ...] = ()
    kept: tuple[tuple[str, Tensor, Spot, str], ...] = ()
    measure: Expr | None = None  # Σ dout · out, of a way back that begins with a given dout
    wanted: tuple[tuple[Tensor, Tensor, Spot, str], ...] = ()  # by what, what, where, typed
    called: frozenset[str] = frozenset()  # functions of the program's own that were called
    ties: tuple[tuple[Axis, Expr], ...] = ()  # axes whose sizes others make, as H - K + 1
    is_guessed: bool = False  # whether shapes of arguments were
    assumed: tuple[tuple[str, Spot], ...] = ()  # calls that are taken to change nothing given
