"""Which activations and which loss a page is about, as far as it says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from types import MappingProxyType

from sympy import Expr

from symbp.activations.table import ACTIVATIONS
from symbp.equations.tensor import Role
from symbp.losses.criterion import CRITERIA
from symbp.losses.loss import Loss
from symbp.network import Network
from symbp.notation import formula as tree
from symbp.notation.formula import Sign
from symbp.notation.glyphs import glyph_of
from symbp.notation.reader import ReadError
from symbp.verification.binding.activations import activation_named
from symbp.verification.binding.architecture import Architecture
from symbp.verification.binding.biases import speaks_of_biases
from symbp.verification.binding.bind import Binding
from symbp.verification.binding.cost import Cost, written
from symbp.verification.binding.facts import Line, lines_of
from symbp.verification.binding.forward import Summed, forward
from symbp.verification.binding.peek import name_of, parts
from symbp.verification.binding.terms import SQUARES
from symbp.verification.statement import Reading, Remark

BY_OUTPUT = MappingProxyType({"softmax": "categorical", "sigmoid": "binary"})
"""Output activation -> the kind of cross-entropy that goes with it."""

PARTS = ("hidden", "output", "loss")


@dataclass(frozen=True)
class Setting:
    """Activations by name and the loss; None is left open.

    ``own_loss`` is the right side of E as the page writes it, in the scope of its binding, where it
    is none of the known losses; ``penalty`` is what it adds to either. ``has_biases`` is false for
    a page that adds none in its forward pass and never speaks of any. ``origins`` says of "hidden",
    "output" and "loss" whether they come from the "document", from its "words" or from the
    "network", ``lines`` where they stand. ``numbered`` holds the activations of the layers that
    the page gives one by one, by their place; ``built`` are the layers that it builds itself.
    """

    hidden: str | None = None
    output: str | None = None
    loss: Loss | None = None
    own_loss: Expr | None = None
    origins: Mapping[str, str] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)
    has_biases: bool = True
    penalty: Expr | None = None
    numbered: Mapping[int, str] = field(default_factory=dict)
    built: Architecture | None = None

    def activations(self, depth: int) -> list[str | None]:
        """By name, those of layers 1 … ``depth``; None where one is left open."""
        found = [self.numbered.get(place, self.hidden) for place in range(1, depth)]
        return [*found, self.output]

    @property
    def is_output_known(self) -> bool:
        return self.output is not None

    @property
    def is_loss_known(self) -> bool:
        return self.loss is not None or self.own_loss is not None


@dataclass(frozen=True)
class Told:
    """An activation that the page names; ``where`` is "hidden", "output" or "" for any layer.

    ``place`` is that of the one layer that is spoken of, where it bears a number.
    """

    name: str
    where: str
    origin: str
    line: int
    place: int | None = None
    glyph: str = ""  # of the function that a formula is said for

    def is_of_function(self, built: Architecture) -> bool:
        """Whether it tells more than the layers themselves, for a function by its letter."""
        if self.origin == "words" and not self.glyph:
            return bool(built.functions) or not built.names
        return self.glyph in built.functions.values()

    def at_layers(self, built: Architecture) -> Iterator[Told]:
        """The same of each layer whose function is called so."""
        if not self.glyph:
            yield self
            return
        for place, glyph in built.functions.items():
            if glyph == self.glyph:
                where = "output" if place == built.depth else "hidden"
                yield replace(self, where=where, place=place if where == "hidden" else None)


def _from_built(built: Architecture) -> Iterator[Told]:
    """The activations of the layers that a page builds."""
    for place, name in built.names.items():
        where = "output" if place == built.depth else "hidden"
        yield Told(name, where, "document", 0, place if where == "hidden" else None)


def concrete(reading: Reading, network: Network | None, binding: Binding) -> Setting:
    """What ``reading`` fixes, a given ``network`` before all."""
    if network is not None:
        origins = dict.fromkeys(PARTS, "network")
        first, last = (network.layers[k].activation.name for k in (0, -1))
        return Setting(_unless_open(first), _unless_open(last), network.loss, origins=origins)
    lines = binding.lines or lines_of(reading)
    remarks = [*reading.remarks, *(r for s in reading.statements for r in s.remarks)]
    told = [*_from_formulas(lines, binding), *_from_words(remarks)]
    built = binding.built
    if built is not None:
        of_functions = [each for each in told if each.is_of_function(built)]
        told = [*_from_built(built), *(t for each in of_functions for t in each.at_layers(built))]
    elif not any(each.where == "output" for each in told):
        told += _from_sums(lines, binding)
    hidden_told, output_told = _chosen(told, "hidden"), _chosen(told, "output")
    found: dict[str, Told] = {}
    if hidden_told is not None:
        found["hidden"] = hidden_told
    if output_told is not None:
        found["output"] = output_told
    output = output_told.name if output_told else None
    origins = {part: each.origin for part, each in found.items()}
    numbers = {part: each.line for part, each in found.items()}
    cost, origin = written(lines, binding), "document"
    if cost is None:
        cost, origin = _from_name(remarks, binding, output), "words"
    if cost is not None:
        origins["loss"], numbers["loss"] = origin, cost.line
    cost = cost or Cost()
    hidden_name = hidden_told.name if hidden_told else None
    has_biases = speaks_of_biases(lines, binding)
    return Setting(
        hidden_name,
        output,
        cost.loss,
        cost.own,
        origins,
        numbers,
        has_biases,
        cost.penalty,
        _numbered(told),
        built,
    )


def _unless_open(name: str) -> str | None:
    return None if name == "general" else name


def _chosen(told: list[Told], where: str) -> Told | None:
    """What is said of ``where``; else what is said of all layers. None where it is not one thing.

    A formula for a function that the words give to one kind of layer is about that layer.
    """
    placed = {each.name for each in told if each.where}
    own = [each for each in told if each.where == where]
    common = [each for each in told if not each.where and each.name not in placed]
    for several in (own, common):
        if several:
            return several[0] if len({each.name for each in several}) == 1 else None
    return None


def _numbered(told: list[Told]) -> dict[int, str]:
    """The activations of single layers, where only one is named for each."""
    found: dict[int, set[str]] = {}
    for each in told:
        if each.place is not None:
            found.setdefault(each.place, set()).add(each.name)
    return {place: next(iter(names)) for place, names in found.items() if len(names) == 1}


def _from_words(remarks: list[Remark]) -> Iterator[Told]:
    for remark in remarks:
        if remark.kind == "activation" and remark.facts.get("name") in ACTIVATIONS:
            where, letter = remark.facts.get("where", ""), remark.facts.get("glyph", "")
            glyph = glyph_of(letter) if letter else ""
            yield Told(remark.facts["name"], where, "words", remark.at.line, glyph=glyph)


def _from_formulas(lines: tuple[Line, ...], binding: Binding) -> Iterator[Told]:
    """``f(u) = …``, ``z_j = 1/(1 + e^{-u_j})``"""
    convention = binding.notation.convention
    activation, unit = (convention.glyphs[role] for role in (Role.ACTIVATION, Role.PREACTIVATION))
    for line in lines:
        for left, right in pairwise(line.sides):
            if isinstance(left, tree.Apply) and not left.function.primes:
                argument = left.arguments[0] if len(left.arguments) == 1 else None
                name = activation_named(right, argument) if isinstance(argument, Sign) else None
                if name:
                    glyph = left.function.glyph
                    yield Told(name, "", "document", line.number, glyph=glyph)
            elif isinstance(left, Sign) and not isinstance(right, (Sign, tree.Apply)):
                where = _where(left, activation, convention.prediction, binding)
                argument = _sum_in(right, unit)
                if where is not None and argument is not None:
                    name = activation_named(right, argument if not argument.indices else None)
                    if name:
                        place = _number(left, convention.first) if where == "hidden" else None
                        yield Told(name, where, "document", line.number, place)


def _from_sums(lines: tuple[Line, ...], binding: Binding) -> Iterator[Told]:
    """``y_j = u^L_j``, ``y_k = Σ_j w_kj z_j``: what leaves the last layer is the sum itself."""
    convention = binding.notation.convention
    activation, unit = (convention.glyphs[role] for role in (Role.ACTIVATION, Role.PREACTIVATION))
    for line in lines:
        for left, right in pairwise(line.sides):
            if not isinstance(left, Sign):
                continue
            where = _where(left, activation, convention.prediction, binding)
            if where == "output" and _is_sum(left, right, unit, binding):
                yield Told("identity", where, "document", line.number)


def _is_sum(left: Sign, right: tree.Formula, unit: str, binding: Binding) -> bool:
    """Whether ``right`` is the weighted sum of the last layer, by its name or written out."""
    if not isinstance(right, Sign):
        return any(isinstance(each, Summed) for each in forward((left, right)))
    if _sum_in(right, unit) is None:
        return False
    is_unplaced = not (left.place or right.place) and left.indices == right.indices != ()
    return is_unplaced or _is_last(right, left, binding)


def _is_last(sign: Sign, beside: Sign, binding: Binding) -> bool:
    """Whether ``sign`` is of the last layer, with the indices of ``beside``: ``f_L`` is, too."""
    last = binding.notation.spelling.place(binding.notation.last).strip("[]()_")
    if sign.place.strip("[]()_") == last:
        return sign.indices == beside.indices
    return not beside.indices and sign.indices == (Sign(last),)


def _sum_in(formula: tree.Formula, glyph: str) -> Sign | None:
    """The weighted sum that is spoken of: what stands above it is its place, and no power."""
    signs = (p for p in parts(formula) if isinstance(p, Sign))
    return next((sign for sign in signs if sign.glyph.lower() == glyph.lower()), None)


def _number(left: Sign, first: int) -> int | None:
    """The layer that ``left`` belongs to, counted from 0 at the input."""
    place = left.place.strip("[]()_")
    return int(place) - first if place.isdigit() else None


def _where(left: Sign, activation: str, prediction: str | None, binding: Binding) -> str | None:
    """Which layers an equation for ``left`` is about; None where ``left`` is no activation."""
    last = binding.notation.spelling.place(binding.notation.last).strip("[]()")
    place = left.place.strip("[]()_")
    name = name_of(left)
    if prediction and name.lower() == prediction.lower() and place in ("", last):
        return "output"
    if name.lower() != activation.lower():
        return None
    return "output" if place and place == last else "hidden" if place.isdigit() else ""


def _with_penalty(cost: Cost, remark: Remark, binding: Binding) -> Cost | None:
    """``cost`` with the penalty that words add; None where they do not say which."""
    factor = remark.facts.get("penalty", "")
    if not factor:
        return cost
    try:
        (found,) = binding.reader.chain(factor)
    except (ReadError, NotImplementedError, TypeError, ValueError):
        return None
    return replace(cost, penalty=found * SQUARES[()])


def _from_name(remarks: list[Remark], binding: Binding, output: str | None) -> Cost | None:
    """A loss by its name. Squared errors are not taken by it: a half and a mean are told apart."""
    reduction = "mean" if binding.batch else "sum"
    for remark in remarks:
        name = remark.facts.get("name", "") if remark.kind == "loss" else ""
        if name == "cross_entropy" and output in BY_OUTPUT:
            name = f"{BY_OUTPUT[str(output)]}_cross_entropy"
        if name in CRITERIA and name.endswith("cross_entropy"):
            cost = Cost(Loss.of(name, reduction), line=remark.at.line)
            return _with_penalty(cost, remark, binding)
    return None
