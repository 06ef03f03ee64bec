"""Whatever an engine reports can be told, in every form, and does nothing where it is shown."""

import json

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from symbp.verification.reports.colours import Paint
from symbp.verification.reports.pages import document, documents
from symbp.verification.reports.record import as_json
from symbp.verification.reports.saying import Teller
from symbp.verification.reports.table import as_text, table
from symbp.verification.reports.terminal import Terminal
from tests.verification.reports.drawing import reports

PIECES = [
    "a",
    "=",
    "b",
    "δ",
    "隠",
    "\n",
    "\t",
    "`",
    "```",
    "<b>",
    "&",
    "|",
    "\x1b[1m",
    "\u202e",
    "{0}",
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=6).map("".join)
REPORTS = reports(TEXTS, st.integers(0, 4))


def odd(text):
    """The characters that would do more than show."""
    return {char for char in text if not char.isprintable() and char != "\n"}


@pytest.mark.parametrize("language", ["en", "ja"])
@settings(max_examples=25, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(found=st.lists(REPORTS, min_size=1, max_size=3))
def test_any_report_can_be_told(language, found):
    say = Teller(language)
    shown = as_text(table(found, say), say)
    for shows_all in (False, True):
        terminal = Terminal(say, Paint(), shows_all=shows_all, solution=shows_all)
        shown += "".join(terminal.report(each) for each in found)
    assert odd(shown) == set()
    for form in ("html", "markdown"):
        text = document(found, form, say, solution=True)
        assert odd(text) == set()
        assert form == "markdown" or text.count("<b>") == 0
        documents(found, form, say)
    assert len(json.loads(as_json(found, say))["files"]) == len(found)
