"""The binding table: what each name on a page was taken for, and why."""

from __future__ import annotations

from symbp.notation.convention import Convention
from symbp.notation.formula import Sign
from symbp.verification.binding.candidates import Choice, names_of
from symbp.verification.binding.roles import ROLES
from symbp.verification.binding.style import Style
from symbp.verification.finding import Bound


def table(
    convention: Convention, style: Style, choice: Choice, is_guess: bool = False
) -> tuple[Bound, ...]:
    """A row for each name that occurs, in the order of ROLES.

    The origin is "option", "document", "preset", or "guess" where another preset would explain the
    page as well.
    """
    shown = {sign.glyph for sign in style.signs} | {_named(sign) for sign in style.signs}
    names = names_of(convention)
    rows = []
    for role in ROLES:
        for glyph in names.get(role, ()):
            if glyph not in shown:
                continue
            fact = next((f for f in choice.facts.get(role, ()) if _same(f.value, glyph)), None)
            if fact is not None:
                rows.append(Bound(glyph, role, fact.origin, fact.line))
            else:
                rows.append(Bound(glyph, role, "guess" if is_guess else "preset"))
    return tuple(_once(rows))


def _same(one: str, other: str) -> bool:
    return one == other or one.lower() == other.lower()


def _named(sign: Sign) -> str:
    return f"{sign.glyph}_{sign.label}" if sign.label else sign.glyph


def _once(rows: list[Bound]) -> list[Bound]:
    return list({(row.glyph, row.role): row for row in rows}.values())
