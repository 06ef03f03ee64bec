"""How the indices of an entry stand side by side."""

from __future__ import annotations

from collections.abc import Callable

from symbp.notation import formula as tree


def joined(indices: tuple[tree.Formula, ...], write: Callable[[tree.Formula], str]) -> str:
    """``nj``; with commas, ``n,t_n``, where one index is more than a letter or a digit."""
    comma = "" if all(map(_is_single, indices)) else ","
    return comma.join(map(write, indices))


def _is_single(index: tree.Formula) -> bool:
    if isinstance(index, tree.Number):
        return len(index.text) == 1
    return isinstance(index, tree.Sign) and not index.indices
