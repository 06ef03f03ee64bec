"""Update rules, for one entry of one parameter: every entry is treated alike."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from sympy import Expr, sqrt

from symbp.equations.equation import Equation
from symbp.equations.tensor import Role, Tensor, after

WEIGHT = Tensor("w", (), Role.WEIGHT)
GRADIENT = Tensor("g")
STEP = Tensor("t")
"""The number of the step, from 1."""
ETA = Tensor("eta", (), Role.CONSTANT)


@dataclass(frozen=True)
class Rule:
    """``equations`` yield ``w'``, and ``s'`` for each state ``s``; states are 0 before step 1."""

    name: str
    equations: tuple[Equation, ...]
    states: tuple[Tensor, ...] = ()
    constants: tuple[tuple[str, float], ...] = ()


def _state(name: str) -> Tensor:
    return Tensor(name, (), Role.STATE)


def _constant(name: str) -> Expr:
    return Tensor(name, (), Role.CONSTANT)[()]


def _set(tensor: Tensor, value: Expr) -> Equation:
    return Equation(f"update.{tensor.name}", after(tensor)[()], value)


def _auxiliary(tensor: Tensor, value: Expr) -> Equation:
    return Equation(f"update.{tensor.name}", tensor[()], value)


_M, _V, _H = _state("m"), _state("v"), _state("h")
_MHAT, _VHAT = Tensor("m_hat"), Tensor("v_hat")
_w, _g, _t, _eta = WEIGHT[()], GRADIENT[()], STEP[()], ETA[()]
_m, _v, _h = _M[()], _V[()], _H[()]
_m1, _v1, _h1 = after(_M)[()], after(_V)[()], after(_H)[()]
_mu, _rho, _eps = _constant("mu"), _constant("rho"), _constant("eps")
_beta1, _beta2, _decay = _constant("beta1"), _constant("beta2"), _constant("weight_decay")

_MOMENTS = (
    _set(_M, _beta1 * _m + (1 - _beta1) * _g),
    _set(_V, _beta2 * _v + (1 - _beta2) * _g**2),
    _auxiliary(_MHAT, _m1 / (1 - _beta1**_t)),
    _auxiliary(_VHAT, _v1 / (1 - _beta2**_t)),
)
_ADAPTED = _MHAT[()] / (sqrt(_VHAT[()]) + _eps)
_ADAM = (("beta1", 0.9), ("beta2", 0.999), ("eps", 1e-8))

_ALL = (
    Rule("sgd", (_set(WEIGHT, _w - _eta * _g),)),
    Rule(
        "momentum",
        (_set(_V, _mu * _v - _eta * _g), _set(WEIGHT, _w + _v1)),
        (_V,),
        (("mu", 0.9),),
    ),
    Rule(
        "nesterov",
        (_set(_V, _mu * _v - _eta * _g), _set(WEIGHT, _w + _mu * _v1 - _eta * _g)),
        (_V,),
        (("mu", 0.9),),
    ),
    Rule(
        "adagrad",
        (_set(_H, _h + _g**2), _set(WEIGHT, _w - _eta * _g / (sqrt(_h1) + _eps))),
        (_H,),
        (("eps", 1e-8),),
    ),
    Rule(
        "rmsprop",
        (
            _set(_H, _rho * _h + (1 - _rho) * _g**2),
            _set(WEIGHT, _w - _eta * _g / (sqrt(_h1) + _eps)),
        ),
        (_H,),
        (("rho", 0.9), ("eps", 1e-8)),
    ),
    Rule("adam", (*_MOMENTS, _set(WEIGHT, _w - _eta * _ADAPTED)), (_M, _V), _ADAM),
    Rule(
        "adamw",
        (*_MOMENTS, _set(WEIGHT, _w - _eta * (_ADAPTED + _decay * _w))),
        (_M, _V),
        (*_ADAM, ("weight_decay", 0.01)),
    ),
)

RULES = MappingProxyType({each.name: each for each in _ALL})
