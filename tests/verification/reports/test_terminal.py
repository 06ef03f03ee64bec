"""What a person sees in a terminal."""

import io
import re

import pytest

from symbp.verification.finding import Finding, Report, Said
from symbp.verification.mistakes.m01_output_slope import MISTAKE
from symbp.verification.reports.colours import Paint, paint_for
from symbp.verification.reports.columns import columns, cut, visible, wrapped
from symbp.verification.reports.excerpt import ROOM, excerpt
from symbp.verification.reports.saying import MARKS, Teller
from symbp.verification.reports.terminal import Terminal
from symbp.verification.text import Spot
from symbp.verification.verdict import Verdict
from tests.verification.reports.samples import FINE, FULL, HOSTILE, UNUSABLE, WRONG

PLAIN = Paint()


def told(report, language="en", **how):
    return Terminal(Teller(language), PLAIN, **how).report(report)


def test_a_refuted_line_is_told_in_full():
    *lines, witness, rest = told(FULL).split("\n\n")[3].splitlines()
    assert witness.startswith(
        "    For example, at entry (1): left 0.331, right 0.12. (Random values, "
    )
    assert rest == "    units in layer 2.)"
    assert lines == [
        "✗ 3:8 (a)  does not hold",
        r"     3 │ 出力層では $\delta_j = (y_j-d_j)$ となる。",
        "       │                        ^^^^^^^^^",
        "    The two sides are not equal; the mistake is recognised.",
        "    M01: f′(u_j) is missing",
        f"         {MISTAKE.text('what')}",
        f"         To mend it: {MISTAKE.text('fix')}",
    ]


def test_the_binding_comes_before_the_claims():
    text = told(FULL)
    assert text.index("pre-activation") < text.index("said in the document, line 3")
    assert text.index("said in the document, line 3") < text.index("✗ 3:8")


def test_what_holds_takes_a_line_unless_all_is_asked_for():
    short, full = told(FINE), told(FINE, shows_all=True)
    assert "✓     4:3  proved          E = " in short
    assert "This is a line of the derivation." not in short
    assert "This is a line of the derivation." in full


def test_in_a_class_what_holds_is_counted_only():
    text = told(FULL, is_class=True)
    assert "✓     4:3" not in text
    assert "✗ 3:8" in text
    assert text.splitlines()[-1].startswith("8 claims: ✓ 1 proved, ")


def test_the_right_line_is_shown_on_request_only():
    assert WRONG.right not in told(FULL)
    assert f"Right: {WRONG.right}" in told(FULL, solution=True)


def test_what_follows_is_said_once():
    (line,) = [line for line in told(FULL).splitlines() if "follows 3" in line]
    assert line.startswith("△")


def test_a_file_that_cannot_be_used():
    assert told(UNUSABLE).splitlines()[1:] == ["  ✗ There is no such file. Check the path."]


@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_verdict_has_a_mark_and_words(language):
    text = told(FULL, language, shows_all=True)
    for verdict in Verdict:
        assert f"{MARKS[verdict]} " in text
        assert Teller(language)(f"short.{verdict}") in text


@pytest.mark.parametrize(
    ("line", "finding", "marked"),
    [
        ("a = b", Finding(Spot(1, 1), "a = b", Verdict.REFUTED, Said("k")), "a = b"),
        ("日本 a = b", Finding(Spot(1, 4), "a = b", Verdict.REFUTED, Said("k"), wrong="b"), "b"),
        ("a = aa", Finding(Spot(1, 1), "a = aa", Verdict.REFUTED, Said("k"), wrong="a"), "a = aa"),
        ("a = b, c", Finding(Spot(1, 1), "…", Verdict.REFUTED, Said("k"), end=Spot(1, 6)), "a = b"),
        ("a =  ", Finding(Spot(1, 1), "a = b", Verdict.REFUTED, Said("k"), end=Spot(2, 2)), "a ="),
        ("a", Finding(Spot(1, 99), "a", Verdict.REFUTED, Said("k")), ""),
        ("a", Finding(Spot(1, 0), "zz", Verdict.REFUTED, Said("k")), "a"),
    ],
)
def test_what_is_marked(line, finding, marked):
    found = excerpt([line], finding)
    assert found.marked == marked
    assert found.before + found.marked + found.after == line


@pytest.mark.parametrize("before", ["", "x", "日本語" * 9, "long " * 90])
@pytest.mark.parametrize("marked", ["a = b", "隠れ" * 40, "sum " * 90])
@pytest.mark.parametrize("after", ["", " x", " 日本語" * 60])
def test_of_a_long_line_the_marked_part_is_shown(before, marked, after):
    at = Spot(1, len(before) + 1)
    found = excerpt([before + marked + after], Finding(at, marked, Verdict.REFUTED, Said("k")))
    assert columns(found.shown) <= ROOM
    assert found.marked == cut(marked.rstrip() if not after else marked, ROOM)
    assert found.before == before or found.before.startswith("…") or found.before == ""


def test_no_such_line():
    assert excerpt(["a"], Finding(Spot(9, 1), "a", Verdict.REFUTED, Said("k"))) is None


@pytest.mark.parametrize("before", ["", "出力層", "\t", "e\u0301", "a\u200bb", "\u3000", "\x1b[1m"])
def test_the_mark_lies_under_its_part(before):
    line = f"{before}x = y"
    at = Spot(1, len(before) + 1)
    found = excerpt([line], Finding(at, "x = y", Verdict.REFUTED, Said("k")))
    shown = found.shown
    left = shown[: shown.index("x = y")]
    assert found.underline == " " * columns(left) + "^^^^^"


def test_nothing_of_a_file_steers_the_terminal():
    finding = Finding(
        Spot(1, 1),
        HOSTILE,
        Verdict.REFUTED,
        Said("paper.unread.unexpected", {"found": HOSTILE}),
        conditions=(Said("condition.fact", {"left": HOSTILE}),),
        label=HOSTILE,
        wrong=HOSTILE,
        right=HOSTILE,
    )
    report = Report(HOSTILE, "paper", HOSTILE, (finding,), notation=HOSTILE)
    for how in ({"shows_all": True}, {"solution": True}):
        text = told(report, **how)
        assert all(c.isprintable() or c == "\n" for c in text)


def test_a_key_without_words_and_facts_that_are_missing_do_no_harm():
    say = Teller("en")
    assert say.say(Said("no.such", {"a": "1"})) == "no.such (a: 1)"
    assert "…" in say.say(Said("condition.loss", {}))
    assert say.say(Said("condition.loss", {"loss": "{0.x} {loss}"})) == "the loss is {0.x} {loss}"
    assert say.say(Said("condition.loss", {"loss": "a", "key": "b", "self": "c"}))


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [("abc", 3, "abc"), ("abcd", 3, "ab…"), ("日本語", 6, "日本語"), ("日本語", 5, "日本…")],
)
def test_cut(text, width, expected):
    assert cut(text, width) == expected


def test_lines_are_not_too_wide_and_nothing_is_lost():
    text = "重みは 2、w_{ij} です。" * 20 + "word " * 40
    lines = list(wrapped(text, 40))
    assert max(map(columns, lines)) <= 42  # punctuation hangs over
    assert re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", text)
    assert not any(line.startswith(("。", "、")) for line in lines)


def test_visible_characters_stay():
    assert visible("δ′ = ∂E/∂u、①") == "δ′ = ∂E/∂u、①"


class Screen(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(
    ("stream", "refused", "environment", "is_on"),
    [
        (Screen(), False, {}, True),
        (io.StringIO(), False, {}, False),
        (Screen(), True, {}, False),
        (Screen(), False, {"NO_COLOR": "1"}, False),
        (Screen(), False, {"NO_COLOR": ""}, True),
        (Screen(), False, {"TERM": "dumb"}, False),
    ],
)
def test_colours(stream, refused, environment, is_on):
    assert paint_for(stream, refused=refused, environment=environment).is_on == is_on


def test_colours_change_nothing_but_colours():
    painted = Terminal(Teller("ja"), Paint(True)).report(FULL)
    assert "\x1b[1;31m✗" in painted
    assert re.sub(r"\x1b\[[\d;]*m", "", painted) == told(FULL, "ja")
