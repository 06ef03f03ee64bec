"""Findings as data: the schema that ``docs/verification.md`` describes."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from symbp.verification.reports.record import BEGINS, as_json, record
from symbp.verification.reports.saying import Teller
from symbp.verification.verdict import Verdict
from tests.verification.reports.samples import FINE, FULL, HOSTILE, UNUSABLE, WRONG

DOCUMENT = Path(__file__).parents[3] / "docs" / "verification.md"
SAY = Teller("en")
ALL = (FULL, FINE, UNUSABLE)


def test_it_is_json_in_utf8_without_what_json_lacks():
    text = as_json(ALL, SAY)
    assert json.loads(text, parse_constant=pytest.fail) == record(ALL, SAY)
    assert "出力" not in text or "\\u" not in text
    assert "学生" in text
    assert text.startswith(BEGINS)


def test_half_a_character_and_what_is_no_number_leave_valid_json():
    odd = replace(WRONG, text="\ud800", error=float("nan"))
    text = as_json([replace(FULL, file="\udcff.md", findings=(odd,))], SAY)
    (claim,) = json.loads(text.encode())["claims"]
    assert (claim["text"], claim["error"]) == ("?", None)


def test_a_claim():
    claim = record(ALL, SAY, solution=True)["claims"][0]
    assert {key: claim[key] for key in ("file", "line", "column", "verdict", "mistakes")} == {
        "file": "class/学生.md",
        "line": 3,
        "column": 8,
        "verdict": "refuted",
        "mistakes": ["M01"],
    }
    assert claim["witness"] == {
        "sizes": {"unit@1": 3, "unit@2": 2},
        "entry": [1],
        "left": "0.331",
        "right": "0.12",
    }
    assert claim["right"] == WRONG.right


def test_right_lines_are_there_on_request_only():
    assert WRONG.right not in as_json(ALL, SAY)
    assert all("right" not in claim for claim in record(ALL, SAY)["claims"])


def test_files_say_which_claims_are_theirs():
    found = record(ALL, SAY)
    for file in found["files"]:
        assert all(found["claims"][n]["file"] == file["file"] for n in file["claims"])
    assert [n for file in found["files"] for n in file["claims"]] == list(
        range(len(found["claims"]))
    )


def test_the_summary_counts():
    summary = record(ALL, SAY)["summary"]
    assert (summary["files"], summary["unusable"], summary["claims"]) == (3, 1, 10)
    assert list(summary["verdicts"]) == [str(verdict) for verdict in Verdict]
    assert sum(summary["verdicts"].values()) == summary["claims"]
    assert [(m["code"], m["claims"], m["files"]) for m in summary["mistakes"]] == [("M01", 1, 1)]
    assert summary["exit_code"] == 1


def test_anything_may_stand_in_a_text():
    report = replace(FULL, file=HOSTILE, findings=(replace(WRONG, text=HOSTILE),))
    assert json.loads(as_json([report], SAY))["claims"][0]["text"] == HOSTILE


@pytest.mark.parametrize(
    ("heading", "part"),
    [
        ("The whole", lambda found: found),
        ("A file", lambda found: found["files"][0]),
        ("A claim", lambda found: found["claims"][0]),
        ("The summary", lambda found: found["summary"]),
    ],
)
def test_the_document_names_every_key_and_no_other(heading, part):
    text = DOCUMENT.read_text(encoding="utf-8")
    section = re.search(rf"^### {heading}\n(.*?)(?=^##)", text, re.DOTALL | re.MULTILINE)[1]
    told = re.findall(r"^\| `(\w+)`", section, re.MULTILINE)
    assert told == list(part(record(ALL, SAY, solution=True)))
