"""Literals and signatures, on one line where they fit and a part a line where they do not."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Iterable, Mapping, Sequence

WIDTH = 100

MANY = 24
"""Entries of a table, a line each, that are still looked through."""


def tuple_text(items: Sequence[object]) -> str:
    """``(2, 3)`` and ``(2,)``, over several lines where it is long."""
    inner = ", ".join(map(str, items))
    whole = f"({inner}{',' * (len(items) == 1)})"
    if len(whole) <= WIDTH - 10:
        return whole
    lines = _lines(list(map(str, items)), WIDTH - 4)
    return "\n".join(["(", *(f"    {line}" for line in lines), ")"])


def dict_text(head: str, items: Iterable[tuple[str, object]], width: int = WIDTH) -> str:
    """``head{"a": 1, "b": 2}``; where there are many, as many on a line as fit."""
    pairs = [f'"{key}": {value}' for key, value in items]
    return (filled if len(pairs) > MANY else block)(f"{head}{{", pairs, "}", width)


def block(head: str, parts: Sequence[str], end: str, width: int = WIDTH) -> str:
    """``head``, parts with commas, ``end``."""
    whole = f"{head}{', '.join(parts)}{end}"
    if len(whole) <= width:
        return whole
    return "\n".join([head, *(f"    {part}," for part in parts), end])


def signature(name: str, args: Sequence[str], returns: str) -> str:
    """``def name(args) -> returns:``"""
    end = f") -> {returns}:"
    inner = ", ".join(args)
    if len(f"def {name}({inner}{end}") <= WIDTH:
        return f"def {name}({inner}{end}"
    lines = [f"    {inner}"] if len(inner) + 4 <= WIDTH else [f"    {arg}," for arg in args]
    return "\n".join([f"def {name}(", *lines, end])


def filled(head: str, parts: Sequence[str], end: str, width: int = WIDTH) -> str:
    """As ``block``, with as many parts on a line as fit."""
    whole = f"{head}{', '.join(parts)}{end}"
    if len(whole) <= width:
        return whole
    return "\n".join([head, *(f"    {line}" for line in _lines(parts, width - 4)), end])


def _lines(parts: Sequence[str], width: int) -> list[str]:
    """The parts, each with a comma, and never broken."""
    lines: list[str] = []
    for part in parts:
        if lines and len(lines[-1]) + len(part) + 2 <= width:
            lines[-1] += f" {part},"
        else:
            lines.append(f"{part},")
    return lines


def array(values: Sequence[float]) -> str:
    """An array of numbers."""
    return filled("np.array([", list(map(repr, values)), "])", WIDTH - 12)


def named_tuple(fields: Sequence[str], name: str = "Values") -> str:
    """The class of what a forward pass computes."""
    whole = f'{name} = namedtuple("{name}", "{" ".join(fields)}")'
    if len(whole) <= WIDTH:
        return whole
    lines = textwrap.wrap(" ".join(fields), WIDTH - 7)
    spaced = [f'    "{line} "' for line in lines[:-1]] + [f'    "{lines[-1]}",']
    return "\n".join([f"{name} = namedtuple(", f'    "{name}",', *spaced, ")"])


def unpacked(names: Sequence[str], source: str, width: int) -> list[str]:
    """``a, b = source`` in lines."""
    whole = f"{', '.join(names)} = {source}"
    if len(whole) <= width:
        return [whole]
    lines = _lines(names, width - 4)
    return ["(", *(f"    {line}" for line in lines), f") = {source}"]


def taken_out(
    table: str, keys: Mapping[str, str], used: Collection[str], order: str, width: int
) -> list[str]:
    """``w1, b1 = params["w1"], params["b1"]``: the ``used`` ones of all names, by their ``keys``.

    Where that is long, or all are used, they are taken in their ``order``.
    """
    names = [name for name in keys if name in used]
    each = ", ".join(f'{table}["{keys[name]}"]' for name in names)
    whole = f"{', '.join(names)} = {each}"
    if not names:
        return []
    if len(names) == 1 or (len(names) < len(keys) and len(whole) <= width):
        return [whole]
    source = f"({table}[name] for name in {order})"
    return unpacked([name if name in used else f"_{name}" for name in keys], source, width)


def given(names: Sequence[str], values: Sequence[str], width: int) -> list[str]:
    """``a, b = 1, 2`` in one line, or in a line each."""
    whole = f"{', '.join(names)} = {', '.join(values)}"
    each = [f"{name} = {value}" for name, value in zip(names, values, strict=True)]
    return [whole] if names and len(whole) <= width else each


def emptied(names: Sequence[str], width: int) -> list[str]:
    """``a, b = {}, {}``."""
    lines = given(names, ["{}"] * len(names), width)
    return (
        lines if len(lines) < 2 else unpacked(names, f"({{}} for _ in range({len(names)}))", width)
    )
