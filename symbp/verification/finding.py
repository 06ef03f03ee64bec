"""What was found out about a submission: facts, from which every report is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from symbp.equations.equality import Witness
from symbp.verification.text import Spot
from symbp.verification.verdict import Verdict


@dataclass(frozen=True)
class Said:
    """A sentence, as its key in ``words/<language>.toml`` and the facts that fill it in.

    Facts are plain text: formulas are spelled already, as the writer spells them.
    """

    key: str
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Told:
    """A mistake by its code, ``M09``; ``say`` has a key of that mistake's texts."""

    code: str
    say: Said


@dataclass(frozen=True)
class Finding:
    """One claim and its verdict. ``right`` is the right line, shown on request only."""

    at: Spot
    text: str
    verdict: Verdict
    message: Said
    end: Spot | None = None
    label: str = ""
    conditions: tuple[Said, ...] = ()
    mistakes: tuple[Told, ...] = ()
    follows_from: int | None = None  # the line of the slip that this one inherits
    witness: Witness | None = None
    error: float = 0.0  # the chance that PROBABLE is wrong
    wrong: str = ""  # the smallest wrong part, as it was typed
    right: str = ""


@dataclass(frozen=True)
class Bound:
    """A row of the binding table: a glyph of the writer's, its role, and how that is known.

    ``origin`` is "preset", "document", "option" or "network".
    """

    glyph: str
    role: str
    origin: str
    line: int | None = None


@dataclass(frozen=True)
class Report:
    """All that was found out about one file."""

    file: str
    kind: str  # "paper" or "code"
    source: str
    findings: tuple[Finding, ...] = ()
    binding: tuple[Bound, ...] = ()
    notation: str = ""
    notes: tuple[tuple[Spot | None, Said], ...] = ()
    unusable: Said | None = None  # why nothing could be checked at all
