"""The words of a document, in each language it is written in."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

LANGUAGES = ("en", "ja")


class Words:
    """The sentences of one language: by group and key, with places to be filled in."""

    def __init__(self, language: str) -> None:
        text = files(__package__).joinpath("words", f"{language}.toml").read_text(encoding="utf-8")
        self.language = language
        self.groups: dict[str, dict[str, str]] = tomllib.loads(text)

    def say(self, group: str, key: str, **facts: Any) -> str:
        """The sentence ``key`` of ``group``. Raises KeyError for one that is missing."""
        return self.groups[group][key].format(**facts)

    def listing(self, parts: list[str]) -> str:
        """``(3)``, ``(3) and (4)``, ``(3), (4) and (5)``."""
        if len(parts) < 2:
            return "".join(parts)
        joins: Mapping[str, str] = self.groups["listing"]
        return joins["comma"].join(parts[:-1]) + joins["last"] + parts[-1]


@cache
def words(language: str) -> Words:
    """The words of ``language``, one of LANGUAGES."""
    return Words(language)
