"""Findings as data for other programs: the schema that ``docs/verification.md`` describes."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from symbp.verification.finding import Finding, Report
from symbp.verification.reports.explained import explanation, title
from symbp.verification.reports.saying import Teller
from symbp.verification.reports.summary import counts, exit_code, is_unusable, mistakes

VERSION = 1
"""Of the schema; raised when something is renamed, removed or means something else."""

BEGINS = f'{{\n  "version": {VERSION},\n  "about": "symbp verify",\n'
"""How a file with findings begins, by which it is known."""


def as_json(reports: Sequence[Report], say: Teller, *, solution: bool = False) -> str:
    """All of ``record`` as JSON, readable, in UTF-8."""
    text = json.dumps(record(reports, say, solution=solution), **_FORM)
    return text.encode("utf-8", "replace").decode() + "\n"


_FORM: Mapping[str, Any] = {"ensure_ascii": False, "allow_nan": False, "indent": 2}


def record(reports: Sequence[Report], say: Teller, *, solution: bool = False) -> dict[str, Any]:
    """Files, claims and a summary; the right lines only where ``solution`` asks for them."""
    files: list[dict[str, Any]] = []
    claims: list[dict[str, Any]] = []
    for report in reports:
        first = len(claims)
        claims += [_claim(report, each, say, solution) for each in report.findings]
        files.append({**_file(report, say), "claims": list(range(first, len(claims)))})
    return {
        "version": VERSION,
        "about": "symbp verify",
        "files": files,
        "claims": claims,
        "summary": _summary(reports, say),
    }


def _file(report: Report, say: Teller) -> dict[str, Any]:
    return {
        "file": report.file,
        "kind": report.kind,
        "notation": report.notation or None,
        "binding": [
            {"glyph": row.glyph, "role": row.role, "origin": row.origin, "line": row.line}
            for row in report.binding
        ],
        "notes": [
            {
                "line": spot.line if spot else None,
                "column": spot.column if spot else None,
                "message": say.say(said),
            }
            for spot, said in report.notes
        ],
        "unusable": say.say(report.unusable) if report.unusable else None,
    }


def _claim(report: Report, finding: Finding, say: Teller, solution: bool) -> dict[str, Any]:
    end, witness = finding.end, finding.witness
    told = [explanation(each, say) for each in finding.mistakes]
    found: dict[str, Any] = {
        "file": report.file,
        "line": finding.at.line,
        "column": finding.at.column,
        "end_line": end.line if end else None,
        "end_column": end.column if end else None,
        "text": finding.text,
        "label": finding.label or None,
        "verdict": str(finding.verdict),
        "mistakes": list(dict.fromkeys(each.code for each in told)),
        "explanations": [
            {"code": each.code, "here": each.here, "what": each.what, "fix": each.fix}
            for each in told
        ],
        "conditions": [say.say(each) for each in finding.conditions],
        "follows_from": finding.follows_from,
        "message": say.say(finding.message),
        "witness": {
            "sizes": dict(witness.sizes),
            "entry": [place + 1 for place in witness.entry],
            "left": witness.left,
            "right": witness.right,
        }
        if witness
        else None,
        "error": finding.error if math.isfinite(finding.error) else None,
        "wrong": finding.wrong or None,
    }
    return found | ({"right": finding.right or None} if solution else {})


def _summary(reports: Sequence[Report], say: Teller) -> dict[str, Any]:
    return {
        "files": len(reports),
        "unusable": sum(map(is_unusable, reports)),
        "claims": sum(len(report.findings) for report in reports),
        "verdicts": {str(verdict): count for verdict, count in counts(reports).items()},
        "mistakes": [
            {
                "code": each.code,
                "what": title(each.code, say),
                "claims": each.count,
                "files": each.files,
            }
            for each in mistakes(reports)
        ],
        "exit_code": exit_code(reports),
    }
