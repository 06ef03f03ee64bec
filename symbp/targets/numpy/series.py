"""Names that are counted, as one would list them by hand: ``w2, w3, ..., w49``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import chain, pairwise

Row = tuple[str, str, str]
"""The name of a tensor, its shape, and what it is."""

Stem = Row
"""The same without the number in the name."""

MANY = 10
"""So many names are no longer listed one by one."""

COUNTED = re.compile(r"(.*?)([1-9]\d*)")


def series(rows: Sequence[Row]) -> list[Row]:
    """The rows; many that differ by their numbers alone are one, where nobody can be misled.

    Their numbers go on in equal steps, or nothing else has names like theirs in between.
    """
    alike: dict[Stem, list[int]] = {}
    for stem, number in filter(None, map(_counted, rows)):
        alike.setdefault(stem, []).append(number)
    long = {stem: numbers for stem, numbers in alike.items() if _is_clear(stem, alike)}
    return list(dict.fromkeys(_listed(row, long) for row in rows))


def _counted(row: Row) -> tuple[Stem, int] | None:
    name, shape, note = row
    found = COUNTED.fullmatch(name)
    return ((found[1], shape, note), int(found[2])) if found else None


def _is_clear(stem: Stem, alike: Mapping[Stem, Sequence[int]]) -> bool:
    numbers = alike[stem]
    if len(numbers) < MANY or sorted(numbers) != numbers:
        return False
    steps = {after - before for before, after in pairwise(numbers)}
    others = [found for other, found in alike.items() if other != stem and other[0] == stem[0]]
    between = range(numbers[0], numbers[-1])
    return len(steps) == 1 or not any(number in between for number in chain(*others))


def _listed(row: Row, long: Mapping[Stem, Sequence[int]]) -> Row:
    found = _counted(row)
    if found is None or found[0] not in long:
        return row
    (name, shape, note), _ = found
    first, second, *_, last = long[name, shape, note]
    return f"{name}{first}, {name}{second}, ..., {name}{last}", shape, note
