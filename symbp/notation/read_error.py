"""What a reader did not understand, as facts. Sentences are made elsewhere."""

from __future__ import annotations

from symbp.errors import SymbpError


class ReadError(SymbpError):
    """A line that could not be read.

    ``column`` counts from 1 in the text as it was typed. ``code`` is one of: too_long, too_deep,
    number_too_large, unexpected (``found``, ``expected``: tuple of words), unknown_sign (``found``,
    ``similar``), ambiguous_sign (``found``), indices (``found``, ``wanted``: how many),
    axes_disagree (``letter``, ``axes``), axis_unknown (``letter``), not_an_equation (``sides``).
    """

    def __init__(self, code: str, column: int, **facts: object) -> None:
        super().__init__(f"column {column}: {code} {facts}")
        self.code = code
        self.column = column
        self.facts = facts
