"""What a reader did not understand, as facts. Sentences are made elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symbp.errors import SymbpError

if TYPE_CHECKING:
    from symbp.notation.line import Line


class ReadError(SymbpError):
    """A line that could not be read.

    ``column`` counts from 1 in the text as it was typed. ``code`` is one of: too_long, too_deep,
    too_large (``found``), number_too_large, unexpected (``found``, ``expected``: tuple of words),
    unknown_sign (``found``, ``similar``), ambiguous_sign (``found``), indices (``found``,
    ``wanted``: how many), axes_disagree (``letter``, ``axes``), axis_unknown (``letter``),
    not_an_equation (``sides``), dots (which terms are left out is not clear), place_unknown
    (``found``: the sign; ``fits``: how many layers it may be), bare (``found``: a sign without
    indices beside others with them), shapes (``left``, ``right``: axes by their keys; ``operator``;
    ``first``, ``second``: the factors as typed where known; ``fits``: what would: "transposed",
    "entrywise"; ``sides``: the line read entry by entry, or None), division_by_zero, condition.
    """

    def __init__(self, code: str, column: int, **facts: object) -> None:
        super().__init__(f"column {column}: {code} {facts}")
        self.code = code
        self.column = column
        self.facts = facts
        self.line: Line | None = None
        """What was read all the same: each index along the first of its axes, or single entries."""
