"""The networks that a page speaks of: the one it is about, and those it may mean."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cache, partial

from sympy import Expr, Integer

from symbp.activations.activation import Activation, General, Scalar, U, constant
from symbp.activations.table import named
from symbp.equations.equation import Equation
from symbp.equations.program import Program
from symbp.equations.tensor import Role, Tensor
from symbp.layers.layer import SAMPLE, activations, units
from symbp.losses.loss import Loss
from symbp.network import Network
from symbp.verification.binding.bind import Binding
from symbp.verification.binding.reference import OPEN, forward_program
from symbp.verification.binding.setting import Setting, concrete
from symbp.verification.binding.terms import SAMPLE_LOSS, of_sample
from symbp.verification.paper.page_world import world_of_page
from symbp.verification.paper.stack import ARGUMENT, Stack
from symbp.verification.paper.world import ROW_LAYOUT, USUAL, Guess, World
from symbp.verification.statement import Reading

DEPTH = 4
"""Layers of a network in general: a first, two inner ones and a last one."""

COMMON = (
    ("identity", "half_squared_error"),
    ("sigmoid", "binary_cross_entropy"),
    ("softmax", "categorical_cross_entropy"),
    ("sigmoid", "half_squared_error"),
    ("tanh", "half_squared_error"),
    ("identity", "mean_squared_error"),
    ("sigmoid", "mean_squared_error"),
)
"""Output activations and losses that people leave unsaid, the commonest first."""


def world_of(
    binding: Binding, reading: Reading, network: Network | None, depth: int | None = None
) -> World:
    """What is known of the network of a page, which has ``depth`` layers where it tells."""
    if network is not None:
        is_scaled = binding.notation.convention.delta_scale
        stack, *others = (
            replace(stack, is_delta_scaled=is_scaled, first=binding.notation.convention.first)
            for stack in stacks_of(network, binding.second)
        )
        apart = () if network.is_stack else network.inference
        return World(stack, tuple(others), is_given=True, declared=apart)
    if binding.written is not None:
        return world_of_page(binding.written, reading)
    setting = concrete(reading, None, binding)
    last = binding.notation.last
    layers = depth or (int(last) if last.is_Integer else DEPTH)

    def stacks(chosen: Setting) -> tuple[Stack, ...]:
        forms = (False,) if binding.scalars else (binding.batch, not binding.batch)
        return tuple(_stack(chosen, layers, binding, batch=batch) for batch in forms)

    stack, *others = stacks(setting)
    linear = replace(setting, hidden="identity", output="identity", numbered={})
    return World(
        stack,
        tuple(others),
        doubt=_doubt(binding, reading),
        is_double=_is_double(binding),
        is_of_numbers=binding.scalars and _has_matrix(binding),
        is_loss_known=setting.is_loss_known,
        is_loss_written=setting.origins.get("loss") == "document",
        is_output_known=setting.is_output_known,
        guesses=tuple(_guesses(setting, stacks)),
        opened=dict(_opened(setting, layers, stacks)),
        linear=cache(partial(stacks, linear)),
    )


def _opened(
    setting: Setting, depth: int, stacks: Callable[[Setting], tuple[Stack, ...]]
) -> Iterable[tuple[str, Callable[[], tuple[Stack, ...]]]]:
    """The network with one of the usual activations wherever none is named."""
    if None not in setting.activations(depth):
        return
    for name in USUAL:
        chosen = replace(setting, hidden=setting.hidden or name, output=setting.output or name)
        yield name, cache(partial(stacks, chosen))


def _doubt(binding: Binding, reading: Reading) -> str:
    """Why the page was perhaps not understood."""
    if any(remark.kind == "layout" for remark in reading.remarks):
        return ROW_LAYOUT
    return "condition.layers_unknown" if _is_strewn(binding) else ""


def _is_strewn(binding: Binding) -> bool:
    """Whether weights have several letters, which no forward equations put into layers."""
    letters = {bound.glyph.lower() for bound in binding.bounds if bound.role == "weight"}
    return binding.built is None and len(letters) > 1


def _is_double(binding: Binding) -> bool:
    """Whether one letter plays two roles, or two letters are the sum of a unit."""
    glyphs = [bound.glyph for bound in binding.bounds]
    sums = [bound for bound in binding.bounds if bound.role == "pre-activation"]
    return binding.built is None and (len(set(glyphs)) < len(glyphs) or len(sums) > 1)


def _has_matrix(binding: Binding) -> bool:
    """Whether a page without indices writes its weights as matrices are written."""
    weights = [bound.glyph for bound in binding.bounds if bound.role == "weight"]
    return any(glyph[:1].isupper() for glyph in weights)


def _guesses(setting: Setting, stacks: Callable[[Setting], tuple[Stack, ...]]) -> Iterable[Guess]:
    if setting.is_loss_known and setting.is_output_known:
        return
    for output, loss in COMMON:
        if setting.output not in (None, output):
            continue
        if setting.loss is not None and setting.loss.criterion.name != loss:
            continue
        for reduction in ("sum", "mean"):
            chosen = replace(setting, output=output, loss=setting.loss or Loss.of(loss, reduction))
            yield Guess(output, loss, reduction, partial(stacks, chosen))


def _stack(setting: Setting, depth: int, binding: Binding, *, batch: bool) -> Stack:
    forward = forward_program(
        setting, depth, batch, scalars=binding.scalars, last=binding.notation.last
    )
    names = [name or OPEN for name in setting.activations(depth)]
    formulas = formulas_of([named(name) for name in names], forward)
    is_scaled = binding.notation.convention.delta_scale
    more = _of_sample(setting, depth) if batch and not binding.scalars else ()
    first = binding.notation.convention.first
    return Stack(forward, depth, formulas, is_delta_scaled=is_scaled, first=first, more=more)


def _of_sample(setting: Setting, depth: int) -> tuple[Equation, ...]:
    """The loss of one sample, where the loss is known."""
    if setting.loss is None:
        return ()
    n = SAMPLE.index("n")
    prediction = activations(Integer(depth), (n,))
    return (Equation("loss", SAMPLE_LOSS[n], of_sample(setting.loss, prediction, n)),)


def stacks_of(network: Network, second: tuple[Equation, ...] = ()) -> tuple[Stack, ...]:
    """A given network as it is declared, then with or without the samples of a batch.

    With ``second``, what second derivatives are computed from, it has one form.
    """
    forms = (network.batch, not network.batch)
    if network.is_general:
        hidden, last = network.layers[0], network.layers[-1]
        layers = (*(hidden,) * (DEPTH - 1), last)
        named_by = [layer.activation for layer in layers]
        setting = Setting(_name(hidden.activation), _name(last.activation), network.loss)
        programs = [forward_program(setting, DEPTH, batch) for batch in forms]
        return tuple(Stack(p, DEPTH, formulas_of(named_by, p)) for p in programs)
    if second or not network.is_stack:
        program, depth = network.program(), len(network.layers)
        more = (*network.updates, *second)
        return (Stack(program, depth, sizes_given=network.sizes(), more=more),)
    activations = [layer.activation for layer in network.layers]
    programs = [replace(network, batch=batch).program() for batch in forms]
    sizes = network.sizes()
    return tuple(Stack(p, len(activations), formulas_of(activations, p), sizes) for p in programs)


def _name(activation: Activation) -> str | None:
    return None if isinstance(activation, General) else activation.name


def formulas_of(activations: Sequence[Activation], program: Program) -> dict[int, Expr | None]:
    """What the activation of each place does to ``ARGUMENT``."""
    return {place: formula(each, place, program) for place, each in enumerate(activations, 1)}


def formula(activation: Activation, place: int, program: Program) -> Expr | None:
    """None where it is no function of one unit; a function left open stays what it is.

    Constants are called as ``program`` calls them.
    """
    if isinstance(activation, General):
        return activation.of(ARGUMENT, units(Integer(place)).index(), {})
    if not isinstance(activation, Scalar):
        return None
    own: dict[Expr, Expr] = {}
    for name, _ in activation.constants:
        here = Tensor(name, (), Role.CONSTANT, Integer(place))
        everywhere = replace(here, place=None)
        own[constant(name)] = (here if here in program.inputs else everywhere)[()]
    return activation.formula.xreplace({U: ARGUMENT, **own})
