"""What stands above and below a sign: a place, a sample, a power, a transposition, a label."""

from __future__ import annotations

import re
from dataclasses import dataclass

from symbp.notation.grammar import Item, kind, tokens
from symbp.notation.lexicon import Lexicon
from symbp.notation.tables import BRACKETS, plain

TRANSPOSED = ("T", "⊤")
_BRACES = ("OPEN_BRACE", "CLOSE_BRACE")
_TURNED = re.compile(r"(?P<place>.*?)(?P<turned>T|⊤)?$")
_SAMPLE = re.compile(r"(?P<place>.*?)\((?P<sample>\w)\)$")
NEW = ("new", "t+1", "next", "after", "updated")
OLD = ("old", "t", "now", "before")
_LABELLED = re.compile(r"(?P<label>true|pred|new|old),?(?P<rest>.*)$")


def flat(item: Item | None) -> tuple[str, int]:
    """What stands in a script as mere text, and the number of primes in it."""
    if item is None:
        return "", 0
    found = tokens(item)
    primes = sum(kind(token) == "PRIME" for token in found)
    kept = (str(t) for t in found if kind(t) not in ("PRIME", *_BRACES))
    return "".join(re.sub(r"\\mathrm\{(\w+)\}", r"\1", text) for text in kept), primes


@dataclass(frozen=True)
class Above:
    """What all that stands above a sign says."""

    place: str = ""
    sample: str = ""
    primes: int = 0
    turned: bool = False
    powers: tuple[Item, ...] = ()


def above(
    lexicon: Lexicon,
    glyph: str,
    items: tuple[Item, ...],
    *,
    behind: bool = False,
    is_placed: bool = False,
) -> Above:
    """What ``items`` above ``glyph`` say: the names in scope tell places from powers.

    Of a sign that is known with a place and without, a number ``behind`` the indices is a power; so
    is one above a sign that ``is_placed`` by what stands below.
    """
    place = sample = ""
    primes = 0
    turned = False
    powers: list[Item] = []
    for item in items:
        text, more = flat(item)
        primes += more
        if not text:
            continue
        if place or sample:
            if text in TRANSPOSED:
                turned = True
            elif not sample and (found := _SAMPLE.match(text)) and not found["place"]:
                sample = found["sample"]
            else:
                powers.append(item)
            continue
        if is_step(lexicon, glyph, plain(text)):
            primes += plain(text) in NEW
            continue
        found_place, sample, found_turned = _read(lexicon, glyph, text)
        turned = turned or found_turned
        is_power = text.isdigit() and (
            is_placed
            or bool(lexicon.notation.convention.brackets)
            or (behind and "" in lexicon.places.get(glyph, {}))
        )
        if found_place and lexicon.has_place(glyph, found_place) and not is_power:
            place = found_place
        elif found_place:
            powers.append(item)
    return Above(place, sample, primes, turned, tuple(powers))


def is_step(lexicon: Lexicon, glyph: str, text: str) -> bool:
    """Whether ``text`` tells the value of a parameter before an update from that after it."""
    if text not in (*NEW, *OLD) or glyph not in lexicon.parameters:
        return False
    return text not in lexicon.places.get(glyph, {})


def _read(lexicon: Lexicon, glyph: str, text: str) -> tuple[str, str, bool]:
    """A place, the letter of a sample and whether it is transposed, from the text above."""
    places = lexicon.places.get(glyph, {})
    if plain(text) in places and not _is_sample(lexicon, text):
        return plain(text), "", False
    if text[0] in "T⊤" and plain(text[1:]) in places:
        return plain(text[1:]), "", True
    if text in TRANSPOSED:
        return "", "", True
    apart = _TURNED.match(text)
    inner, turned = (apart["place"], bool(apart["turned"])) if apart else (text, False)
    sample = ""
    if (found := _SAMPLE.match(inner)) and (
        plain(found["place"]) in places or (not found["place"] and _is_sample(lexicon, inner))
    ):
        inner, sample = found["place"], found["sample"]
        if not inner:
            return "", sample, turned
    if turned and plain(inner) not in places and not any(b in inner for b in BRACKETS):
        return text, "", False
    return plain(inner), sample, turned


def _is_sample(lexicon: Lexicon, text: str) -> bool:
    """Whether ``(i)`` counts samples: where places stand in other brackets or in none."""
    brackets = lexicon.notation.convention.brackets
    if not (text.startswith("(") and text.endswith(")")) or not lexicon.has_samples:
        return False
    return brackets != "()" and plain(text) not in ("l", "L") and len(plain(text)) == 1


def label(text: str) -> tuple[str, str]:
    """A label and what follows it: ``true``, ``i`` for ``true,i``."""
    found = _LABELLED.match(text)
    return (found["label"], found["rest"]) if found else ("", text)
