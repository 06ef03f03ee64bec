r"""The writer's own commands: ``\newcommand``, ``\def`` and ``\DeclareMathOperator``.

Definitions are found in the source as a whole, and expanded in formulas a bounded number of times.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from symbp.verification.sources import limits
from symbp.verification.sources.braces import COMMAND, argument
from symbp.verification.sources.gathering import Gathering
from symbp.verification.sources.texts import join, without
from symbp.verification.text import Text

DEFINING = re.compile(
    r"\\(?P<how>(?:re|provide)?(?:new)?command|DeclareRobustCommand|[gex]?def|let"
    r"|DeclareMathOperator)(?![A-Za-z])\*?"
)
NAME = re.compile(r"\s*(?:\{\s*(\\(?:[A-Za-z]+|.))\s*\}|(\\(?:[A-Za-z]+|.)))")
ARITY = re.compile(r"\s*\[\s*(\d)\s*\]")
DEFAULT = re.compile(r"\s*\[([^\[\]]{0,200})\]")
OPTION = re.compile(r"\s*\[([^\[\]]{0,500})\]")
PLACES = re.compile(r"\s*((?:#[1-9])*)(?=\s*\{)")
PLACE = re.compile(r"#([1-9])")
LONGEST = 2_000


@dataclass(frozen=True)
class Macro:
    r"""``\name`` with ``arity`` arguments stands for ``body``; spans are of the definition."""

    name: str
    arity: int
    body: str
    start: int
    stop: int
    default: str | None = None


def definitions(source: str) -> tuple[Macro, ...]:
    """The definitions in a source, in order; what cannot be read as one is left alone."""
    found: list[Macro] = []
    start = tried = 0
    while tried < 2 * limits.DEFINITIONS and (how := DEFINING.search(source, start)):
        tried += 1
        macro = _definition(source, how)
        start = macro.stop if macro else how.end()
        if macro:
            found.append(macro)
    return tuple(found)


def _definition(source: str, how: re.Match[str]) -> Macro | None:
    name = NAME.match(source, how.end())
    if not name:
        return None
    called, at = name.group(1) or name.group(2), name.end()
    arity, default = 0, None
    if how["how"] == "let":
        at = at + len(source[at : at + 3]) - len(source[at : at + 3].lstrip(" ="))
    elif how["how"].endswith("def"):
        places = PLACES.match(source, at)
        if not places:
            return None
        arity, at = len(places.group(1)) // 2, places.end()
    elif number := ARITY.match(source, at):
        arity, at = int(number.group(1)), number.end()
        if given := DEFAULT.match(source, at):
            default, at = given.group(1), given.end()
    taken = argument(source, at, LONGEST)
    if taken is None:
        return None
    begin, end, stop = taken
    body = source[begin:end]
    if how["how"] == "DeclareMathOperator":
        body = rf"\operatorname{{{body}}}"
    return Macro(called, arity, body, how.start(), stop, default)


def undefined(text: Text) -> Text:
    """``text`` without the definitions that stand in it."""
    return without(text, [(macro.start, macro.stop) for macro in definitions(text.content)])


def expand(text: Text, macros: dict[str, Macro], gathering: Gathering) -> Text:
    """``text`` with macros expanded; as it was, with a trouble told, where that never ends.

    What comes of a body was typed where the macro is used; arguments keep their own spots.
    """
    if not macros:
        return text
    current = text
    for _ in range(limits.PASSES):
        following = _once(current, macros, gathering)
        if following is None:
            return current
        if len(following) > limits.ROW + len(text) or gathering.expansions < 0:
            break
        current = following
    else:
        if _once(current, macros, gathering) is None:
            return current
    gathering.trouble("macro_grows", text.at(0), text.content)
    return text


def _once(text: Text, macros: dict[str, Macro], gathering: Gathering) -> Text | None:
    """Every macro in ``text`` expanded once; None where there is none."""
    content, parts, done = text.content, [], 0
    for found in COMMAND.finditer(content):
        macro = macros.get(found.group())
        if macro is None or found.start() < done:
            continue
        taken = _arguments(content, found.end(), macro, text)
        if taken is None:
            continue
        arguments, stop = taken
        gathering.expansions -= 1
        parts += [text[done : found.start()], _filled(macro, arguments, text, found)]
        done = stop
        if gathering.expansions < 0:
            break
    if not done:
        return None
    return join([*parts, text[done:]])


def _arguments(content: str, at: int, macro: Macro, text: Text) -> tuple[list[Text], int] | None:
    arguments: list[Text] = []
    if macro.default is not None:
        option = OPTION.match(content, at)
        at = option.end() if option else at
        here = text[at:at] if not option else text[option.start(1) : option.end(1)]
        arguments.append(here if option else here.standing_for(macro.default))
    while len(arguments) < macro.arity:
        taken = argument(content, at, limits.FORMULA)
        if taken is None:
            return None
        begin, end, at = taken
        arguments.append(text[begin:end])
    return arguments, at


def _filled(macro: Macro, arguments: list[Text], text: Text, used: re.Match[str]) -> Text:
    """The body with its arguments; a blank keeps a command from running into a letter."""
    here, body, parts, done = text[used.start() : used.end()], macro.body, [], 0
    for place in PLACE.finditer(body):
        number = int(place.group(1))
        parts.append(here.standing_for(body[done : place.start()]))
        if number <= len(arguments):
            parts.append(arguments[number - 1])
        done = place.end()
    rest = body[done:]
    if re.search(r"\\[A-Za-z]+$", rest):
        rest += " "
    return join([*parts, here.standing_for(rest)])
