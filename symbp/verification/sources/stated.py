"""Losses that a text states as numbers: targets, predictions, and what their loss is said to be."""

# ruff: noqa: E501 -- tables of words and of spellings read best with an entry on a line

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import log

from symbp.verification.page import Code, Math, Page, Prose
from symbp.verification.sources.texts import narrow
from symbp.verification.text import Spot, Text

TARGET = r"正解(?:値|データ|ラベル)?|教師(?:データ|信号)?|目標(?:値|出力)?|\b(?:targets?|labels?|truth|true values?|desired outputs?)\b"
PREDICTION = r"予測(?:値|結果)?|\b(?:predictions?|predicted(?: values?)?|outputs?)\b"
LOSS = r"損失(?:関数)?(?:の値)?|平均二乗誤差|二乗誤差|\b(?:loss|cost|error|MSE)\b"
KINDS = tuple(
    (
        kind,
        re.compile(
            rf"^[\s\-*・•]*(?:the\s+)?(?:{words})[^:=\d]{{0,12}}[:=]\s*(?P<rest>.*)$", re.IGNORECASE
        ),
    )
    for kind, words in (("target", TARGET), ("prediction", PREDICTION), ("loss", LOSS))
)
WITHIN = tuple(
    (
        kind,
        re.compile(
            rf"(?:{words})[^\d.。;()\[]{{0,16}}[(\[](?P<rest>[^()\[\]]*)[)\]]", re.IGNORECASE
        ),
    )
    for kind, words in (("target", TARGET), ("prediction", PREDICTION))
)
LOSS_WITHIN = re.compile(
    rf"(?:{LOSS})\s*(?:⟦\d+⟧)?\s*(?:is|of|=|は|が|:)\s*(?P<rest>[-−]?\d+\.?\d*)", re.IGNORECASE
)
NUMBER = re.compile(r"(?<![\w.])[-−]?\d+(?:\.\d+)?(?![\d%]|\.\d)")
SQUARED = re.compile(r"²|\^\s*\{?2|\*\*\s*2|(?:二|2)乗|squared?", re.IGNORECASE)
DEFINING = re.compile(rf"(?:{LOSS})\s*(?:function)?\s*(?:=|:|は|is)\s*(?P<body>.+)$", re.IGNORECASE)
DIFFERENCE = re.compile(r"[-−–]|の差|差の|誤差|difference|error|deviation", re.IGNORECASE)
HALF = re.compile(r"½|1\s*/\s*2|\\d?frac\{?1\}?\{?2\}?|half|半分", re.IGNORECASE)
MEAN = re.compile(r"平均|mean|average|1\s*/\s*[nN]\b", re.IGNORECASE)
SUM = re.compile(r"総和|合計|の和|\bsum\b|Σ|∑|\\sum", re.IGNORECASE)
TOLD = re.compile(f"{TARGET}|{PREDICTION}|{LOSS}", re.IGNORECASE)
APART = 10
"""Rows between a target and the loss that is stated for it."""
MOST = 100


@dataclass(frozen=True)
class StatedLoss:
    """``loss`` as typed is what a text gives for ``predictions`` where ``targets`` are right.

    ``definition`` is the key of the definition that the text gives in words (a key of
    ``DEFINITIONS``), empty where it gives none or several.
    """

    targets: tuple[Fraction, ...]
    predictions: tuple[Fraction, ...]
    loss: str
    at: Spot
    targets_at: Spot
    predictions_at: Spot
    definition: str = ""
    definition_at: Spot | None = None
    definition_text: str = ""


@dataclass(frozen=True)
class Explanation:
    """``values`` of all definitions that apply, ``fits`` those that round to what is stated.

    ``own`` is what the text's own definition gives, as a decimal, and ``agrees`` whether that is
    what the text states; both are empty and true where it gives no definition.
    """

    values: Mapping[str, float]
    fits: tuple[str, ...]
    own: str = ""
    agrees: bool = True


def _squares(targets: Sequence[Fraction], predictions: Sequence[Fraction]) -> Fraction:
    return sum(((t - y) ** 2 for t, y in zip(targets, predictions, strict=True)), Fraction(0))


def _binary(targets: Sequence[Fraction], predictions: Sequence[Fraction]) -> float:
    pairs = zip(targets, predictions, strict=True)
    return -sum(float(t) * log(y) + float(1 - t) * log(1 - y) for t, y in pairs)


def _entropy(targets: Sequence[Fraction], predictions: Sequence[Fraction]) -> float:
    return -sum(float(t) * log(y) for t, y in zip(targets, predictions, strict=True) if t)


Loss = Callable[[Sequence[Fraction], Sequence[Fraction]], Fraction | float]
DEFINITIONS: Mapping[str, Loss] = {
    "sum_squared": _squares,
    "half_sum_squared": lambda t, y: _squares(t, y) / 2,
    "mean_squared": lambda t, y: _squares(t, y) / len(t),
    "half_mean_squared": lambda t, y: _squares(t, y) / (2 * len(t)),
    "cross_entropy": _entropy,
    "mean_cross_entropy": lambda t, y: _entropy(t, y) / len(t),
    "binary_cross_entropy": _binary,
    "mean_binary_cross_entropy": lambda t, y: _binary(t, y) / len(t),
}


def explain(stated: StatedLoss) -> Explanation:
    """Which definitions give the number that is stated, to the digits that are typed."""
    values: dict[str, Fraction | float] = {}
    for name, loss in DEFINITIONS.items():
        try:
            values[name] = loss(stated.targets, stated.predictions)
        except ValueError:  # the logarithm of 0 or less
            continue
    fits = tuple(name for name, value in values.items() if _rounds_to(value, stated.loss))
    shown = {name: float(value) for name, value in values.items()}
    own = values.get(stated.definition)
    if own is None:
        return Explanation(shown, fits)
    return Explanation(shown, fits, f"{float(own):.6g}", stated.definition in fits)


def _rounds_to(value: Fraction | float, typed: str) -> bool:
    typed = typed.replace("−", "-")
    digits = len(typed.partition(".")[2])
    return abs(Fraction(value) - Fraction(typed)) <= Fraction(1, 2 * 10**digits)


def stated_losses(page: Page) -> tuple[StatedLoss, ...]:
    """The losses that are stated as numbers, each behind its target and its prediction."""
    rows = list(_rows(page))
    definitions = [defined for row in rows if (defined := _definition(row))]
    kinds = {kind for kind, _, _ in definitions}
    known: dict[str, tuple[int, tuple[Fraction, ...], Spot]] = {}
    found: list[StatedLoss] = []
    for number, row in enumerate(rows):
        for kind, numbers, typed, at in _facts(row):
            if kind != "loss":
                known[kind] = (number, numbers, at)
                continue
            target, prediction = known.get("target"), known.get("prediction")
            if not target or not prediction or number - min(target[0], prediction[0]) > APART:
                continue
            if len(target[1]) != len(prediction[1]):
                continue
            stated = StatedLoss(target[1], prediction[1], typed, at, target[2], prediction[2])
            if len(kinds) == 1:
                name, where, words = definitions[0]
                stated = replace(
                    stated, definition=name, definition_at=where, definition_text=words
                )
            found.append(stated)
            known = {}
    return tuple(found)


def _rows(page: Page) -> Iterator[Text]:
    """The lines of the page, formulas with their words; programs are none."""
    lines = page.source.split("\n")
    code = {
        row
        for piece in page.pieces
        if isinstance(piece, Code)
        for row in range(piece.text.at(0).line, piece.text.end.line + 1)
    }
    spoken = sorted({piece.row for piece in page.pieces if isinstance(piece, Prose | Math)} - code)
    for row in spoken:
        if 0 < row <= len(lines) and len(lines[row - 1]) < 1_000 and TOLD.search(lines[row - 1]):
            yield narrow(Text.of(lines[row - 1].replace("$", " "), row))


def _facts(row: Text) -> Iterator[tuple[str, tuple[Fraction, ...], str, Spot]]:
    """Kind, numbers, the first of them as typed, and where: a line of its own, or in a sentence."""
    for kind, pattern in KINDS:
        if found := pattern.match(row.content):
            numbers = list(NUMBER.finditer(found["rest"]))
            if kind == "loss":
                numbers = [n for n in numbers[:1] if not found["rest"][: n.start()].strip()]
            if 0 < len(numbers) <= MOST:
                yield (*_read(kind, [n.group() for n in numbers]), _at(row, found, numbers[0]))
            return
    for kind, pattern in WITHIN:
        for found in pattern.finditer(row.content):
            numbers = list(NUMBER.finditer(found["rest"]))
            if 0 < len(numbers) <= MOST:
                yield (*_read(kind, [n.group() for n in numbers]), _at(row, found, numbers[0]))
    for found in LOSS_WITHIN.finditer(row.content):
        yield (*_read("loss", [found["rest"].rstrip(".")]), row.at(found.start("rest")))


def _read(kind: str, typed: Sequence[str]) -> tuple[str, tuple[Fraction, ...], str]:
    short = [text[:20] for text in typed]
    return kind, tuple(Fraction(text.replace("−", "-")) for text in short), short[0]


def _at(row: Text, found: re.Match[str], number: re.Match[str]) -> Spot:
    return row.at(found.start("rest") + number.start())


def _definition(row: Text) -> tuple[str, Spot, str] | None:
    """A definition in words: ``損失 = (予測値 - 正解値)² の平均``."""
    found = DEFINING.search(row.content)
    body = found["body"] if found else ""
    squared = SQUARED.search(body)
    if not found or not squared or not DIFFERENCE.search(body):
        return None
    half, mean, summed = HALF.search(body), MEAN.search(body), SUM.search(body)
    if mean:
        name = "half_mean_squared" if half else "mean_squared"
    elif summed:
        name = "half_sum_squared" if half else "sum_squared"
    else:
        return None
    return name, row.at(found.start()), found.group().strip()
