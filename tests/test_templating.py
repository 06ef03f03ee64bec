"""The Jinja environment, and the filters that text of a person's goes through."""

import ast
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from symbp.templating import (
    environment,
    latex_text,
    markdown_text,
    one_line,
    python_doc,
    python_string,
)

HOSTILE = [
    "",
    "plain",
    'it\'s "quoted"',
    'ends in "',
    '"""\nimport os\n"""',
    "back\\slash\\",
    "line\r\nbreak\u2028and\u2029more\x0b\x0c",
    "nul\0 bell\a",
    "\u202eright to left",
    "誤差逆伝播法 δ′ = ∂E/∂u",
    "\ud800 alone",
    "{{ 1 + 1 }}{% raw %}",
]


def template(folder: Path, name: str, text: str) -> Path:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)
    return folder


def render(folder: Path, name: str, **data: object) -> str:
    return environment(folder).get_template(name).render(**data)


def test_blocks_leave_no_blank_lines_and_the_last_newline_stays(tmp_path):
    template(tmp_path, "list.txt", "{% for x in xs %}\n  - {{ x }}\n{% endfor %}\nend\n")
    assert render(tmp_path, "list.txt", xs=[1, 2]) == "  - 1\n  - 2\nend\n"


def test_a_missing_name_is_an_error(tmp_path):
    template(tmp_path, "t.txt", "{{ title }}")
    with pytest.raises(UndefinedError, match="title"):
        render(tmp_path, "t.txt")


@pytest.mark.parametrize(
    ("name", "expected"),
    [("html/t.html", "&lt;b&gt;"), ("numpy/t.py", "<b>"), ("latex/t.tex", "<b>")],
)
def test_only_html_is_escaped_unasked(tmp_path, name, expected):
    template(tmp_path, name, "{{ title }}")
    assert render(tmp_path, name, title="<b>") == expected


def test_what_is_filled_in_is_never_a_template(tmp_path):
    template(tmp_path, "t.txt", "{{ title | one_line }}")
    assert render(tmp_path, "t.txt", title="{{ 1 + 1 }}") == "{{ 1 + 1 }}"


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_python_string_is_a_literal_of_its_text(text):
    literal = python_string(text)
    assert ast.literal_eval(literal) == text
    assert literal.startswith('"')
    assert literal[1:-1].isprintable()


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_python_doc_stays_inside_its_docstring(text):
    tree = ast.parse(f'"""{python_doc(text)}"""\n')
    assert ast.get_docstring(tree, clean=False) == text
    assert len(tree.body) == 1


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_one_line_is_one_printable_line(text):
    assert one_line(text).isprintable()
    assert len(one_line(text).splitlines()) <= 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("50% of $x_1$ & #2", r"50\% of \$x\_1\$ \& \#2"),
        (r"\input{/etc/passwd}", r"\textbackslash{}input\{/etc/passwd\}"),
        ("x^2 ~ y", r"x\textasciicircum{}2 \textasciitilde{} y"),
        ("two\n\nparagraphs", "two paragraphs"),
        ("誤差", "誤差"),
    ],
)
def test_latex_text(text, expected):
    assert latex_text(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a_b *c*", r"a\_b \*c\*"),
        ("<script>", r"\<script\>"),
        ("[link](x)", r"\[link\]\(x\)"),
        ("a\n# b", r"a \# b"),
    ],
)
def test_markdown_text(text, expected):
    assert markdown_text(text) == expected
