"""Facts as sentences, in the words of one language."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Any

from symbp.verification.finding import Finding, Said
from symbp.verification.verdict import Verdict

LANGUAGES = ("en", "ja")

MARKS = {
    Verdict.PROVED: "✓",
    Verdict.PROBABLE: "✓",
    Verdict.CONFIRMED: "≈",
    Verdict.CONDITIONAL: "△",
    Verdict.REFUTED: "✗",
    Verdict.DEFINITION: "≔",
    Verdict.ASSIGNMENT: "←",
    Verdict.NOT_UNDERSTOOD: "?",
}
"""What tells verdicts apart at a glance, without colour."""

UNSHOWN = {"not_shown": "not_shown", "undecided": "not_shown", "follows": "follows"}
"""What is conditional for a reason that deserves words of its own, by the end of its message."""


BRIEF = ("below_last",)
"""Conditions that go without saying more, as the layers below the last for a recurrence."""


def brief_condition(finding: Finding) -> str:
    """The condition of a finding that has one only, a brief one, and nothing else to tell."""
    if finding.verdict is not Verdict.CONDITIONAL or finding.mistakes or finding.witness:
        return ""
    is_inherited = finding.message.key.endswith(".follows")
    if is_inherited and all(c.key.endswith(".follows") for c in finding.conditions):
        return "follows" if finding.follows_from is not None else ""
    if len(finding.conditions) != 1 or finding.message.key != "paper.conditional":
        return ""
    name = finding.conditions[0].key.rpartition(".")[2]
    return name if name in BRIEF else ""


@cache
def sentences(language: str) -> Mapping[str, str]:
    """All sentences of ``language`` by key: ``paper.refuted``."""
    place = files("symbp.verification").joinpath("words", f"{language}.toml")
    return dict(_flat(tomllib.loads(place.read_text(encoding="utf-8"))))


def _flat(table: Mapping[str, Any], under: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{under}{key}.")
        else:
            yield under + key, value


class _Facts(dict[str, Any]):
    """Facts of a sentence; one that nobody gave leaves a gap, and no error."""

    def __missing__(self, key: str) -> str:
        return "…"


def filled(sentence: str, facts: Mapping[str, Any]) -> str:
    """``sentence``, one of ours, with ``facts`` in its places; they are never looked into."""
    return Formatter().vformat(sentence, (), _Facts(facts))


class Teller:
    """Says things in ``language``."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._sentences = sentences(language)

    def __call__(self, key: str, /, **facts: Any) -> str:
        """The sentence ``key``; for one that is missing, the key and the facts."""
        if key not in self._sentences:
            return key + _told(facts)
        return filled(self._sentences[key], facts)

    def knows(self, key: str) -> bool:
        return key in self._sentences

    def say(self, said: Said) -> str:
        """A sentence of the engine's, in the variant for the fact that is empty if it has one."""
        if not self.knows(said.key):
            return said.key + _told(said.facts)
        facts = self.named(said.facts)
        variants = (f"{said.key}.no_{name}" for name, fact in facts.items() if not fact)
        return filled(self._sentences[next(filter(self.knows, variants), said.key)], facts)

    def named(self, facts: Mapping[str, str]) -> dict[str, str]:
        """``facts``, with words of symbp's own as people say them."""
        return {name: NAMED.get(name, _as_it_is)(self, fact) for name, fact in facts.items()}

    def word(self, group: str, word: str) -> str:
        """A word of symbp's own as people say it; one that is unknown stands as it is."""
        return self._sentences.get(f"{group}.{word}", word)

    def verdict(self, finding: Finding) -> str:
        """A verdict in plain words."""
        verdict, error = finding.verdict, finding.error
        if brief := brief_condition(finding):
            return self(f"verdict.{brief}", line=finding.follows_from)
        reason = finding.message.key.rpartition(".")[2]
        if verdict is Verdict.CONDITIONAL and reason in UNSHOWN:
            return self(f"verdict.{UNSHOWN[reason]}", line=finding.follows_from)
        chance = f"2^{math.ceil(math.log2(error))}" if error > 0 else "0"
        return self(f"verdict.{verdict}", error=chance)

    def listing(self, parts: list[str]) -> str:
        """``a, b and c``."""
        if len(parts) < 2:
            return "".join(parts)
        joined = self("listing.comma").join(parts[:-1])
        return joined + self("listing.last") + parts[-1]


def _told(facts: Mapping[str, Any]) -> str:
    told = ", ".join(f"{name}: {fact}" for name, fact in facts.items())
    return f" ({told})" if told else ""


def _as_it_is(say: Teller, fact: str) -> str:
    return fact


def _name(say: Teller, fact: str) -> str:
    return say.word("name", fact)


def _expected(say: Teller, fact: str) -> str:
    """What a reader expected, as far as that are words of people and not of a grammar."""
    words = (word for word in fact.split(", ") if say.knows(f"expected.{word}"))
    return say.listing([say.word("expected", word) for word in words])


def _axes(say: Teller, fact: str) -> str:
    units = re.sub(r"\bunit@([^,()]+)", lambda m: say("report.axis_units", place=m[1]), fact)
    return re.sub(r"\bsample\b", lambda m: say("report.axis_samples"), units)


NAMED: Mapping[str, Callable[[Teller, str], str]] = {
    "loss": _name,
    "given": _name,
    "origin": lambda say, fact: say.word("loss_origin", fact),
    "activation": _name,
    "expected": _expected,
    "axes": _axes,
    "left": _axes,
    "right": _axes,
    "what": lambda say, fact: say.word("what", fact),
}
"""Facts in which words of symbp's own may stand, and how these are said."""
