"""The claims of a page, before anything is known of their meaning.

``statements(page)`` joins what belongs together: a line that begins with ``=`` to the line before,
a label to its formula, words of condition to what they are about.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from symbp.verification.text import Spot, Text


@dataclass(frozen=True)
class Remark:
    """Something that the words say.

    kinds and facts: ``activation`` (name; where: "output", "hidden" or ""), ``loss`` (name),
    ``layout`` (name: "rows", of derivatives by vectors),
    ``mentions`` (name of a loss; defined: "yes" where the text defines it, or ""),
    ``names`` (glyph, role: what a symbol table or "where a denotes …" says), ``condition``
    (key: a condition's key, as "identity", "hidden", "output", "last", "below_last",
    "range" (``first``, ``last``: numbers of layers), "one_hot",
    "scalars", "one_sample", "derivative" (``variable``: the derivatives of both sides are what is
    said to be equal), "other"; words: as typed), ``depends`` (formula: "E(u, v)").
    ``reach`` is "claim" (that row only), "section" or "page".
    """

    kind: str
    at: Spot
    facts: Mapping[str, str] = field(default_factory=dict)
    reach: str = "page"


@dataclass(frozen=True)
class Statement:
    """A row of mathematics that may claim something, with all that stands around it.

    ``text`` is the row itself. Where it begins with ``=``, ``before`` is the statement whose left
    side it continues, and ``is_sure`` tells whether nothing but blanks, punctuation or words such
    as "よって" / "therefore" stands between (otherwise the left side is a guess).
    """

    text: Text
    row: int
    block: int
    section: int
    labels: tuple[str, ...] = ()
    before: Statement | None = None
    is_sure: bool = True
    remarks: tuple[Remark, ...] = ()  # those that reach this statement and are not for the page
    words: tuple[str, str] = ("", "")  # the prose right before and right after, on the same row
    refers: tuple[str, ...] = ()  # labels that the row's prose speaks of


@dataclass(frozen=True)
class Reading:
    """A page as claims and remarks."""

    statements: tuple[Statement, ...]
    remarks: tuple[Remark, ...]
    code: tuple[Text, ...] = ()
