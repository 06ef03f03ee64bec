"""Square roots modulo a prime that is 3 modulo 4, with an i beside the numbers: i² = −1.

Every number a has a root so, r or r i, where r² is a or −a; of all a + b i, half have one.
"""

from __future__ import annotations

from typing import Any


class Pair:
    """a + b i modulo ``prime``, where b is not 0; sums and products with whole numbers are defined.

    What has no i left, once it is reduced by ``%``, is a whole number again.
    """

    __slots__ = ("a", "b", "prime")

    def __init__(self, a: int, b: int, prime: int) -> None:
        self.a, self.b, self.prime = a, b, prime

    def __add__(self, other: Any) -> Any:
        if isinstance(other, Pair):
            return Pair(self.a + other.a, self.b + other.b, self.prime)
        return Pair(self.a + other, self.b, self.prime)

    __radd__ = __add__

    def __neg__(self) -> Pair:
        return Pair(-self.a, -self.b, self.prime)

    def __sub__(self, other: Any) -> Any:
        return self + -other

    def __rsub__(self, other: Any) -> Any:
        return -self + other

    def __mul__(self, other: Any) -> Any:
        if isinstance(other, Pair):
            a = self.a * other.a - self.b * other.b
            return Pair(a, self.a * other.b + self.b * other.a, self.prime)
        return Pair(self.a * other, self.b * other, self.prime)

    __rmul__ = __mul__

    def __mod__(self, prime: int) -> Any:
        a, b = self.a % prime, self.b % prime
        return Pair(a, b, prime) if b else a

    def __pow__(self, power: int, prime: int | None = None) -> Any:
        if power < 0:
            return self.inverse().__pow__(-power, prime)
        found: Any = 1
        square: Any = self
        while power:
            if power & 1:
                found = found * square % self.prime
            square = square * square % self.prime
            power >>= 1
        return found

    def inverse(self) -> Any:
        """1 / (a + b i). Raises ``ZeroDivisionError`` for 0."""
        norm = (self.a * self.a + self.b * self.b) % self.prime
        if not norm:
            raise ZeroDivisionError
        over = pow(norm, -1, self.prime)
        return Pair(self.a * over, -self.b * over, self.prime) % self.prime

    def __eq__(self, other: object) -> bool:
        mine = self % self.prime
        theirs = other % self.prime if isinstance(other, (Pair, int)) else other
        if isinstance(mine, Pair) and isinstance(theirs, Pair):
            return (mine.a, mine.b) == (theirs.a, theirs.b)
        return not isinstance(mine, Pair) and not isinstance(theirs, Pair) and mine == theirs

    def __hash__(self) -> int:
        mine = self % self.prime
        return hash((mine.a, mine.b)) if isinstance(mine, Pair) else hash(mine)

    def __repr__(self) -> str:
        return f"{self.a} + {self.b} i"


def root(value: Any, prime: int) -> Any:
    """r with r² = ``value``. Raises ``ArithmeticError`` where there is none."""
    value = value % prime
    if not isinstance(value, Pair):
        found = pow(value, (prime + 1) // 4, prime)
        return found if found * found % prime == value else Pair(0, found, prime)
    # (c + d i)² = a + b i, where c² is half of a plus the root of a² + b²
    norm = root(value.a * value.a + value.b * value.b, prime)
    if isinstance(norm, Pair):
        raise ArithmeticError  # noqa: TRY004 - there is no root
    half = pow(2, -1, prime)
    for part in (norm, -norm):
        c = root((value.a + part) * half, prime)
        if not isinstance(c, Pair) and c:
            return Pair(c, value.b * half * pow(c, -1, prime), prime) % prime
    raise ArithmeticError
