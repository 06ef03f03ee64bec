"""Files become pages: every way to type a formula, every place exact, nothing that hangs."""

# ruff: noqa: E501 -- tables of words and of spellings read best with an entry on a line

from __future__ import annotations

import json
import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symbp.verification.page import Cell, Code, Heading, Math, Page, Prose
from symbp.verification.sources.read import read_page
from symbp.verification.sources.texts import NARROW
from tests.machine import in_time


def maths(page: Page) -> list[Math]:
    flat = [
        p for piece in page.pieces for p in (piece.pieces if isinstance(piece, Cell) else [piece])
    ]
    return [piece for piece in flat if isinstance(piece, Math)]


def typed(source: str, file: str = "a.md") -> list[str]:
    return [math.text.content for math in maths(read_page(file, source))]


def texts(page: Page):
    for piece in page.pieces:
        if isinstance(piece, Cell):
            yield from (inner.text for inner in piece.pieces)
        else:
            yield piece.text


def assert_exact(page: Page, *, expanded: bool = False) -> None:
    rows = page.source.split("\n")
    for text in texts(page):
        assert len(text.spots) == len(text.content) + 1
        for char, spot in zip(text.content, text.spots, strict=False):
            row = rows[spot.line - 1]
            if char == "\n":
                assert spot.column == len(row) + 1
            elif not expanded:
                assert row[spot.column - 1].translate(NARROW) == char.translate(NARROW)
            else:
                assert 1 <= spot.column <= len(row) + 1


MARKDOWN = [
    ("$a=b$", ["a=b"]),
    ("words $a=b$ and $c$ end", ["a=b", "c"]),
    ("$$a=b$$", ["a=b"]),
    ("$$\na\n= b\n$$", ["a\n= b"]),
    ("> $$\n> a=b\n> $$", ["a=b"]),
    ("- item\n\n  $$\n  - a\n  = b\n  $$", ["- a\n= b"]),
    ("text\n$$\na=b\n$$\nmore $c$", ["a=b", "c"]),
    (r"\(a=b\) and \[c=d\]", ["a=b", "c=d"]),
    ("\\[\nc=d\n\\]", ["c=d"]),
    ("```math\na=b\n```", ["a=b"]),
    ("```latex\na=b\nc=d\n```", ["a=b", "c=d"]),
    ("```latex\n\\begin{align}a&=b\\\\c&=d\\end{align}\n```", ["a=b", "c=d"]),
    ("$`a=b`$", ["a=b"]),
    ("\\begin{align}\na &= b \\\\\n  &= c\n\\end{align}", ["a = b", "= c"]),
    ("$$\\begin{aligned}a&=b\\\\[4pt] &=c\\end{aligned}$$", ["a=b", "=c"]),
    ("$$\\begin{split}a&=b\\\\&=c\\end{split}$$", ["a=b", "=c"]),
    ("$$\\begin{eqnarray}a&=&b\\\\c&=&d\\nonumber\\end{eqnarray}$$", ["a=b", "c=d"]),
    ("$$\\begin{array}{rcl}a&=&b\\\\c&=&d\\end{array}$$", ["a=b", "c=d"]),
    ("$$\\begin{alignat}{2}a&=b\\end{alignat}$$", ["a=b"]),
    ("$$\\begin{gather*}a=b\\\\c=d\\end{gather*}$$", ["a=b", "c=d"]),
    (r"$$f=\begin{cases}1&x\\0&y\end{cases}$$", [r"f=\begin{cases}1&x\\0&y\end{cases}"]),
    (r"$$v=\begin{pmatrix}1\\0\end{pmatrix}$$", [r"v=\begin{pmatrix}1\\0\end{pmatrix}"]),
    (r"$$v=\left[\begin{array}{c}1\\0\end{array}\right]$$",
     [r"v=\left[\begin{array}{c}1\\0\end{array}\right]"]),
    ("$a=b.$", ["a=b"]),
    ("$a=b、$ $c=d。$", ["a=b", "c=d"]),
    ("$x_1,x_2...$", ["x_1,x_2..."]),
    (r"$\boxed{a=b}$", ["a=b"]),
    (r"costs \$5 and \$6", []),
    ("costs $5 and $6 each", []),
    ("`$a=b$` is code", []),
    ("```python\nx = '$a$'\n```", []),
    ("$ a = b $", ["a = b"]),
    ("# $a=b$ in a title", []),
    ("| $a$ | target |\n|---|---|\n| $b=c$ | x |", ["a", "b=c"]),
    ("<!-- $a=b$ -->\n\n$c$", ["c"]),
    ("---\ntitle: $x$\n---\n$c$", ["c"]),
    ("$a=b$", ["a=b"]),
    ("a formula: y = f(w)\n", ["y = f(w)"]),
]  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), MARKDOWN)
def test_markdown(source, expected):
    assert typed(source) == expected
    assert_exact(read_page("a.md", source))


PLAIN = [
    (" y = f(Wx + b)", ["y = f(Wx + b)"]),
    (r" \frac{\partial L}{\partial y} = (y_{\text{pred}} - t)",
     [r"\frac{\partial L}{\partial y} = (y_{\text{pred}} - t)"]),
    ("δᴸⱼ = yⱼ − dⱼ", ["δᴸⱼ = yⱼ − dⱼ"]),
    ("よって ∂E/∂y = y − d となる。", ["∂E/∂y = y − d"]),
    ("so we get dW = x * d, which is right.", ["dW = x * d"]),
    ("Loss is what we want = to minimise", []),
    ("  (1)  u = w x      Definition.\n  (2)    = z         Insert (1).", ["u = w x", "= z"]),
    ("A title = not\n=============\n", []),
    ("損失 = (予測値 - 正解値)² の平均", []),
    ("with $a=b$ in it", ["a=b"]),
    ("W = (wᵢⱼ)    weight", []),
    ("Speed = (speedₙᵢ)    input\nU = Speed W", ["U = Speed W"]),
    ("the Speed here = Speed W", []),
    ("Speed = (rateₙᵢ)    input\nU = Speed W", []),
]  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), PLAIN)
def test_plain(source, expected):
    assert typed(source, "a.txt") == expected
    assert_exact(read_page("a.txt", source))


TEX = [
    (r"\begin{document}$a=b$\end{document}$c$", ["a=b"]),
    ("$a=b$ % $c=d$\n$e=f$", ["a=b", "e=f"]),
    ("\\begin{align}\na &= b % why\n\\\\ &= c\n\\end{align}", ["a = b", "= c"]),
    (r"\begin{align}\intertext{by $x$}a&=b\end{align}", ["x", "a=b"]),
    (r"\def\be{\begin{equation}}\def\ee{\end{equation}}\be a=b\ee", ["a=b"]),
    (r"\begin{tabular}{ll}$x$ & input \\ $y$ & target\end{tabular}", ["x", "y"]),
    (r"\begin{verbatim}$a=b$\end{verbatim}", []),
    (r"\section{$a=b$}", []),
    (r"100\% of $a=b$", ["a=b"]),
]


@pytest.mark.parametrize(("source", "expected"), TEX)
def test_tex(source, expected):
    assert typed(source, "a.tex") == expected


MACROS = [
    (r"$\newcommand{\dd}[2]{\frac{\partial #1}{\partial #2}}\dd{E}{w}$",
     r"\frac{\partial E}{\partial w}"),
    (r"$\def\E{\mathcal{E}}\E=1$", r"\mathcal{E} =1"[:11] + "=1"),
    (r"$\DeclareMathOperator{\sg}{sigmoid}\sg(u)$", r"\operatorname{sigmoid}(u)"),
    (r"$\newcommand{\p}[2][x]{#1+#2}\p{y}$", "x+y"),
    (r"$\newcommand{\p}[2][x]{#1+#2}\p[z]{y}$", "z+y"),
    (r"$\newcommand{\a}{\alpha}\newcommand{\b}{\a}\b x$", r"\alpha   x"),
    (r"$\def\s#1{\sigma'(#1)}\s z$", r"\sigma'(z)"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), MACROS)
def test_macros(source, expected):
    page = read_page("a.md", source)
    assert "".join(maths(page)[-1].text.content.split()) == "".join(expected.split())
    assert_exact(page, expanded=True)


def test_a_later_definition_holds_from_its_line_on():
    page = read_page("a.md", "$\\def\\x{1}\\x$\n\n$\\x$\n\n$\\renewcommand{\\x}{2}\\x$\n")
    assert [m.text.content for m in maths(page)] == ["1", "1", "2"]


@pytest.mark.parametrize(
    "source",
    [
        r"$\def\a{\a\a}\a$",
        r"$\def\a{\b}\def\b{\a}\a$",
        r"$\def\a#1{#1#1#1#1}" + r"\a{" * 40 + "x" + "}" * 40 + "$",
    ],
)
def test_macros_that_grow_are_told(source):
    assert any(trouble.code == "macro_grows" for trouble in read_page("a.md", source).troubles)


LABELS = [
    ("$a=b$ ・・・①となります", ("①",)),
    ("$a=b$ ・・・ $(a)$", ("a",)),
    ("$a=b$ …(a)", ("a",)),
    ("$a=b$ (1)", ("1",)),
    ("$a=b$ (a)", ("a",)),
    (r"$$a=b \tag{3}$$", ("3",)),
    (r"$$a=b \label{eq:x}$$", ("eq:x",)),
    (r"$$a=b \qquad (2)$$", ("2",)),
    ("(4) $a=b$", ("4",)),
    ("$a=b$ ・・・⑨ $_1$ は", ("⑨_1",)),
    ("$a=b$ (see the book)", ()),
    ("$a=b$ (1) より従う", ()),
    ("$a=b$ ①より", ()),
]


@pytest.mark.parametrize(("source", "expected"), LABELS)
def test_labels(source, expected):
    assert maths(read_page("a.md", source))[0].labels == expected


def test_rows_of_an_environment_share_their_block():
    found = maths(read_page("a.md", "$$\\begin{align}a&=b\\\\&=c\\end{align}$$\n\n$d$"))
    assert found[0].block == found[1].block != found[2].block
    assert found[0].display
    assert not found[2].display


def test_ends_of_lines_and_marks():
    page = read_page("a.md", "\ufefftext\r\n\r\n$a=b$\r\n")
    assert maths(page)[0].text.at(0).line == 3
    assert page.source.startswith("text\n")
    assert_exact(page)


def test_notebooks():
    cells = [
        {"cell_type": "markdown", "source": ["# T\n", "$a=b$"]},
        {"cell_type": "code", "source": "%matplotlib inline\nx = 1\n"},
    ]
    page = read_page("a.ipynb", json.dumps({"cells": cells}))
    kinds = [type(piece) for piece in page.pieces]
    assert kinds == [Heading, Math, Code]
    assert page.pieces[2].text.content.strip() == "x = 1"
    assert page.cells == (2, 5)
    assert_exact(page)


@pytest.mark.parametrize("source", ["", "[]", "{", '{"cells": 3}', '{"cells": [3, {"source": 4}]}'])
def test_what_is_no_notebook(source):
    assert read_page("a.ipynb", source).pieces == ()


def test_programs_without_fences_and_indentation():
    program = (
        "import numpy as np\n# note\ndef f(x):\nreturn np.exp(x)\nx = [\n[1, 2],\n]\nprint(f(x))"
    )
    page = read_page("a.txt", f"これは例です。\n{program}\n以上です。")
    codes = [piece.text for piece in page.pieces if isinstance(piece, Code)]
    assert [code.content for code in codes] == [program]
    assert codes[0].at(0).line == 2
    assert_exact(page)


HOSTILE = {
    "dollars": "$" * 1_000_000,
    "dollars apart": "$a " * 300_000,
    "braces": "$" + "{" * 900_000 + "$",
    "quotes": ">" * 10_000,
    "backslashes": "\\" * 1_000_000,
    "openings": "\\begin{align}" * 60_000,
    "table": "|a" * 200_000 + "\n|-" + "|-" * 200_000,
    "claims": ("$" + "a=b," * 700 + "$\n") * 100,
    "definitions": "\\def\\a{" * 100_000,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("suffix", [".md", ".txt", ".tex"])
def test_hostile_files_are_answered(name, suffix):
    start = time.process_time()
    read_page("a" + suffix, HOSTILE[name])
    assert in_time(time.process_time() - start, 4)


PARTS = st.sampled_from(
    ["$", "$$", "a=b", "\n", "\n\n", "{", "}", "\\", "\\[", "\\]", "\\(", "\\)", "`", "```\n", "# ",
     "- ", "> ", "|", "|---|\n", "①", "(a)", " ", "\t", "\r\n", "\\begin{align}", "\\end{align}", "&",
     "\\\\", "\\def\\x{y}", "\\x", "%", "δ = y − d", "import numpy as np\n", "x = np.f(1)\n", "より",
     "\\tag{1}", "=c", "\\newcommand{\\q}[1]{#1}", "\\q", "の場合", "-", "===\n", "\\section{a}", "(", "="]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    st.lists(PARTS, max_size=30).map("".join), st.sampled_from(["a.md", "a.txt", "a.tex", "a.py"])
)
def test_places_are_exact_and_nothing_raises(source, file):
    page = read_page(file, source)
    assert_exact(page, expanded="\\x" in source or "\\q" in source)
    for first, second in pairwise(p for p in page.pieces if isinstance(p, Prose | Math)):
        assert first.row <= second.row or "\\x" in source or "\\q" in source
