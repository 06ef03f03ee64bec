"""The numbers that equations are evaluated in: residues modulo a large prime, or long reals.

Modulo a prime every rational identity is decided exactly, with square roots in it, too. A
transcendental function becomes a random function, of which nothing is kept but what makes it that
function under + and ·: exp(a + b) is exp(a) exp(b). A condition x > 0 becomes a random, consistent
yes or no.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from random import Random
from typing import Any, Protocol

import mpmath
import numpy as np
from sympy import Expr, Rational

from symbp.equations.roots import Pair, root

PRIME = 2**61 - 1
DIGITS = 50

KNOWN = frozenset({"exp", "log", "tanh", "erf", "sin", "cos", "sinh", "cosh", "atan"})
"""Functions with a value in reals; every other name is that of a function left open."""

Number = Any
"""An element of a field: an int modulo PRIME, or an mpf."""


class Field(Protocol):
    """What evaluation needs of numbers; each works on one element, ``reduce`` on arrays, too."""

    def rational(self, value: Rational) -> Number: ...
    def constant(self, value: Expr) -> Number: ...
    def draw(self, random: Random, *, share: bool) -> Number: ...
    def reduce(self, value: Number) -> Number: ...
    def inverse(self, value: Number) -> Number: ...
    def root(self, value: Number, power: Rational) -> Number: ...
    def apply(self, name: str, value: Number) -> Number: ...
    def positive(self, value: Number) -> bool: ...
    def same(self, left: Number, right: Number) -> bool: ...
    def __hash__(self) -> int: ...


@dataclass(frozen=True)
class Modular:
    """Residues modulo PRIME; ``seed`` chooses the random functions."""

    seed: int

    def rational(self, value: Rational) -> int:
        return int(value.p) * pow(int(value.q), -1, PRIME) % PRIME

    def constant(self, value: Expr) -> int:
        return self.apply("constant", int.from_bytes(str(value).encode()) % PRIME)

    def draw(self, random: Random, *, share: bool) -> int:
        return random.randrange(1, PRIME)

    def reduce(self, value: int) -> int:
        return value % PRIME

    def inverse(self, value: int) -> int:
        """Raises ``ZeroDivisionError`` on 0: the point is of no use, take another."""
        if value % PRIME == 0:
            raise ZeroDivisionError
        return pow(value, -1, PRIME)

    def root(self, value: int, power: Rational) -> int:
        """value^power: whole powers and square roots as they are, the rest by a random function.

        Raises ``ArithmeticError`` where there is no root.
        """
        whole, part = divmod(power.p, power.q)
        if power.q == 2:
            fraction = root(value, PRIME)
        else:
            fraction = self.apply(f"root {part}/{power.q}", value) if part else 1
        return pow(value, whole, PRIME) * fraction % PRIME

    def apply(self, name: str, value: int) -> int:
        digest = blake2b(f"{self.seed} {name} {value % PRIME}".encode(), digest_size=16).digest()
        return 1 + int.from_bytes(digest) % (PRIME - 1)

    def positive(self, value: int) -> bool:
        """Consistent under a change of sign: exactly one of x > 0, −x > 0 holds for x ≠ 0."""
        value = value % PRIME
        return 0 < (value.b if isinstance(value, Pair) else value) <= PRIME // 2

    def same(self, left: int, right: int) -> bool:
        return (left - right) % PRIME == 0


@dataclass(frozen=True)
class Reals:
    """Real numbers of DIGITS digits."""

    seed: int
    tolerance: float = field(default=10.0 ** (20 - DIGITS))

    @cached_property
    def context(self) -> Any:
        context = mpmath.mp.clone()
        context.dps = DIGITS
        return context

    def rational(self, value: Rational) -> Number:
        return self.context.mpf(int(value.p)) / int(value.q)

    def constant(self, value: Expr) -> Number:
        return getattr(self.context, str(value)) + 0

    def draw(self, random: Random, *, share: bool) -> Number:
        """Between 0.1 and 0.9, with either sign unless it is to be a share of something."""
        value = self.context.mpf(random.randrange(10**18, 9 * 10**18)) / 10**19
        return value if share or random.random() < 0.5 else -value

    def reduce(self, value: Number) -> Number:
        return value

    def inverse(self, value: Number) -> Number:
        return 1 / value

    def root(self, value: Number, power: Rational) -> Number:
        """Raises ``ArithmeticError`` where the root is not real."""
        if value < 0 and power.q != 1:
            raise ArithmeticError
        return self.context.power(value, self.rational(power))

    def apply(self, name: str, value: Number) -> Number:
        """A function by its name; an unknown one is a random wave, its primes the derivatives."""
        if name in KNOWN:
            if name == "log" and value <= 0:
                raise ArithmeticError
            return getattr(self.context, name)(value)
        label, _, primes = name.partition("'")
        phase = Random(f"{self.seed} {label}").random()
        quarter = len(primes) + 1 if "'" in name else 0
        wave = self.context.sin(value + phase + quarter * self.context.pi / 2) / 4
        # Between 1/4 and 3/4, so that logarithms of it and of what is left to 1 have values.
        return wave if quarter else 0.5 + wave

    def positive(self, value: Number) -> bool:
        return bool(value > 0)

    def same(self, left: Number, right: Number) -> bool:
        return bool(abs(left - right) <= self.tolerance * (1 + abs(left) + abs(right)))


def elementwise(function: Callable[..., Any], *arrays: Any) -> Any:
    """``function`` on each element of object arrays that broadcast together."""
    return np.frompyfunc(function, len(arrays), 1)(*arrays)
