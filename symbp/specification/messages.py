"""Faults as people read them: ``FILE:LINE:COLUMN: what is wrong. what to do``."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from symbp.errors import Fault, SpecErrors
from symbp.specification.sentences import SENTENCES

LONGEST = 60
"""Characters of a value that are shown."""

KINDS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "en": {
            "text": "a text in quotes",
            "boolean": "true or false",
            "integer": "a whole number",
            "number": "a number",
            "table": "a table",
            "list": "a list",
        },
        "ja": {
            "text": "引用符で囲んだ文字列",
            "boolean": "true か false ",
            "integer": "整数",
            "number": "数",
            "table": "表",
            "list": "並び",
        },
    }
)

HINTS: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "en": ("Did you mean {meant}?", "Known are: {known}.", "Remove it."),
        "ja": ("{meant} のことですか。", "使えるのは {known} です。", "取り除いてください。"),
    }
)
"""For a word that is close to a known one, for one that is not, and where nothing is known."""

_PLAIN = ("reason", "missing", "loss", "activation", "name")
"""Facts that are words of symbp or of the system, and stand without quotes."""


def messages(error: SpecErrors, language: str = "en") -> list[str]:
    """A line for each fault of ``error``."""
    return [message(fault, language) for fault in error.faults]


def message(fault: Fault, language: str = "en") -> str:
    """The line for ``fault``. ``language`` is en or ja."""
    facts = {key: _fact(key, value, language) for key, value in fault.details.items()}
    facts["hint"] = _hint(fault, language)
    return f"{_place(fault)}{SENTENCES[language][fault.code].format_map(facts)}"


def _place(fault: Fault) -> str:
    """Where it is: a place in a file, or the way to it through a declaration in Python."""
    if fault.file is None:
        path = ".".join(map(str, fault.path))
        return f"{path}: " if path else ""
    parts = [str(part) for part in (fault.file, fault.line, fault.column) if part is not None]
    return f"{':'.join(parts)}: "


def _fact(key: str, value: object, language: str) -> str:
    if key == "wanted" and isinstance(value, str):
        return KINDS[language].get(value, f'"{value}"')
    if key in _PLAIN:
        return str(value)
    return shown(value)


def shown(value: object) -> str:
    """``value`` as one short line: text in quotes, with what cannot be printed escaped."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (tuple, list)):
        text = ", ".join(shown(each) for each in value[:LONGEST])
    elif isinstance(value, str):
        text = f'"{value.encode("unicode_escape").decode() if not value.isprintable() else value}"'
    else:
        text = str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _hint(fault: Fault, language: str) -> str:
    close, list_of, nothing = HINTS[language]
    meant, known = fault.details.get("meant"), fault.details.get("known")
    if meant:
        return close.format(meant=shown(meant))
    if isinstance(known, tuple) and known:
        return list_of.format(known=", ".join(map(str, known)))
    return nothing
