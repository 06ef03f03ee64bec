"""What is said about the mistakes of a finding, in one language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from symbp.verification.finding import Told
from symbp.verification.reports.columns import visible
from symbp.verification.reports.saying import Teller, filled

GENERAL = ("what", "why", "fix")
"""The texts that every mistake has."""


@dataclass(frozen=True)
class Explanation:
    """A mistake in words: what happened here, what it is in general, why, and how to mend it.

    What is not known about it is empty.
    """

    code: str
    here: str
    what: str
    why: str
    fix: str


def explanation(told: Told, say: Teller) -> Explanation:
    """The texts of a mistake, filled in and safe to show."""
    texts = _texts(told.code, say.language)
    key = told.say.key.rpartition(".")[2]
    if key in texts:
        here = filled(texts[key], say.named(told.say.facts))
    elif say.knows(told.say.key):
        here = say.say(told.say)
    else:
        here = ""
    # A mistake of several kinds may have texts for one of them, as "assignment.fix".
    general = (texts.get(f"{key}.{each}") or texts.get(each, "") for each in GENERAL)
    return Explanation(*map(visible, (told.code, here, *general)))


def title(code: str, say: Teller) -> str:
    """What the mistake ``code`` is."""
    return visible(_texts(code, say.language).get("what", code))


@cache
def _texts(code: str, language: str) -> Mapping[str, str]:
    """The texts of one mistake, whose file alone is imported; none for a code without a file."""
    from symbp.verification import mistakes

    for module in iter_modules(mistakes.__path__):
        if module.name.startswith(f"{code.lower()}_"):
            made = import_module(f"{mistakes.__name__}.{module.name}").MISTAKE
            texts: Mapping[str, str] = made.texts.get(language, {})
            return texts
    return {}
