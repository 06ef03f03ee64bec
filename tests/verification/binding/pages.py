"""Pages to bind: rows of mathematics, and what words say beside them."""

from __future__ import annotations

from pathlib import Path

import pytest

from symbp.verification.statement import Reading, Remark, Statement
from symbp.verification.text import Spot, Text

SEEDS = Path(__file__).parents[4] / "shared/seeds"


def page(*rows: str, **remarks: str) -> Reading:
    """One formula a line; a remark is ``glyph="role"``, on line 99."""
    statements = tuple(
        Statement(Text.of(row, line), line, line, 0) for line, row in enumerate(rows, 1)
    )
    names = (
        Remark("names", Spot(99, 1), {"glyph": glyph, "role": role})
        for glyph, role in remarks.items()
    )
    return Reading(statements, tuple(names))


def remark(kind: str, line: int = 50, **facts: str) -> Remark:
    return Remark(kind, Spot(line, 1), facts)


def with_remarks(reading: Reading, *remarks: Remark) -> Reading:
    return Reading(reading.statements, (*reading.remarks, *remarks))


def seed(number: int) -> Reading:
    """A document as it was found; the test is skipped where the documents are not at hand."""
    from symbp.verification.sources.read import read_page
    from symbp.verification.sources.statements import read_statements

    found = sorted(SEEDS.glob(f"{number:03d}_*"))
    if not found:
        pytest.skip(f"no document {number:03d} in {SEEDS}")
    return read_statements(read_page(found[0].name, found[0].read_text("utf-8")))
