"""The one Jinja environment. Templates hold layout; what is decided is decided before.

What a person typed (a title, a name) enters a template through one of the filters below only.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment

_HERE = Path(__file__).resolve().parent
FOLDERS = (_HERE / "templates", _HERE.parent / "templates")
"""Where the templates lie: inside an installed package, or beside it in a checkout."""

LATEX = str.maketrans(
    {c: f"\\{c}" for c in "{}$&#_%"}
    | {"\\": r"\textbackslash{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}"}
)
MARKDOWN = str.maketrans({c: f"\\{c}" for c in r"\`*_{}[]<>()#+-.!|$~&"})


def render(template: str, /, **data: Any) -> str:
    """``template``, a path below ``templates/``, filled in; ``data`` must have all its names."""
    return environment().get_template(template).render(**data)


@cache
def environment(folder: Path | None = None) -> Environment:
    """The environment over ``folder``, or over the first of ``FOLDERS`` that exists."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    from symbp.compiled import Beside

    folder = folder or next(place for place in FOLDERS if place.is_dir())
    made = Environment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        bytecode_cache=Beside(Path(__file__).read_bytes()),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        # Escaping for HTML would spoil LaTeX and Python: they have the filters below.
        autoescape=lambda name: name is not None and name.startswith("html/"),  # noqa: S701
    )
    made.filters.update(
        one_line=one_line,
        latex_text=latex_text,
        markdown_text=markdown_text,
        python_string=python_string,
        python_doc=python_doc,
    )
    return made


def one_line(text: str) -> str:
    """``text`` for a comment: no line breaks nor invisible characters, which could end it."""
    return "".join(c if c.isprintable() else " " for c in " ".join(text.split()))


def latex_text(text: str) -> str:
    """``text`` as running text of LaTeX, in which nothing is a command."""
    return one_line(text).translate(LATEX)


def markdown_text(text: str) -> str:
    """``text`` as running text of Markdown, in which nothing is markup."""
    return one_line(text).translate(MARKDOWN)


def python_string(text: str) -> str:
    """A Python literal, in double quotes, of which ``text`` is the value."""
    return '"' + "".join(r"\"" if c == '"' else repr(c)[1:-1] for c in text) + '"'


def python_doc(text: str) -> str:
    """``text`` to stand between the triple quotes of a docstring; its lines stay lines."""
    return "\n".join(python_string(line)[1:-1] for line in text.split("\n"))
