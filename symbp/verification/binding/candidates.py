"""Presets, made to agree with what a page says itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from symbp.equations.tensor import Role
from symbp.notation.convention import Convention, Matrix
from symbp.notation.spelling import capital
from symbp.verification.binding.facts import Fact

GLYPHS = {
    "pre-activation": Role.PREACTIVATION,
    "activation": Role.ACTIVATION,
    "weight": Role.WEIGHT,
    "bias": Role.BIAS,
    "delta": Role.DELTA,
    "loss": Role.LOSS,
    "target": Role.TARGET,
}
"""Role in words -> the role whose glyph a convention has."""
NAMES = {"learning-rate": "eta"}
DIFFERENCES = {
    "order": 2.0,
    "shift": 3.0,
    "matrix": 2.0,
    "loss": 0.5,
    "brackets": 2.0,
    "named-delta": 1.5,
}
"""How much it counts that a preset says otherwise than the page; 1 for all other keys."""
MATRICES = {"rows": Matrix.ROWS, "columns": Matrix.COLUMNS}
BRACKETS = {"plain": "", "square": "[]", "round": "()"}


@dataclass(frozen=True)
class Choice:
    """For each key the values that the page gives it, the likeliest first, with their facts."""

    facts: Mapping[str, tuple[Fact, ...]] = field(default_factory=dict)

    @staticmethod
    def of(facts: Iterable[Fact]) -> Choice:
        """Options beat the document, what is said often beats what is said once."""
        grouped: dict[str, list[Fact]] = {}
        for fact in facts:
            grouped.setdefault(fact.key, []).append(fact)
        return Choice({key: tuple(_ranked(several)) for key, several in grouped.items()})

    def value(self, key: str) -> str | None:
        found = self.facts.get(key)
        return found[0].value if found else None

    def values(self, key: str) -> list[str]:
        return [fact.value for fact in self.facts.get(key, ())]


def _ranked(facts: list[Fact]) -> Iterator[Fact]:
    """One fact for each value."""
    given = [fact for fact in facts if fact.origin == "option"]
    counts = Counter(fact.value for fact in facts)
    first: dict[str, Fact] = {}
    for fact in (*given, *facts):
        first.setdefault(fact.value, fact)
    if given:
        first = {fact.value: fact for fact in given}
    yield from sorted(first.values(), key=lambda fact: -counts[fact.value])


def distance(preset: Convention, choice: Choice) -> float:
    """How much of what the page says the preset says otherwise."""
    total = 0.0
    for key in choice.facts:
        own = said(preset, key)
        if own is None:
            continue
        values = [_like(preset, value) for value in choice.values(key)]
        if _like(preset, own) not in values:
            total += DIFFERENCES.get(key, 1.0)
    return total


def said(convention: Convention, key: str) -> str | None:
    """The value that a convention gives ``key``; None where it says nothing."""
    if key in GLYPHS:
        return convention.glyphs[GLYPHS[key]]
    if key in NAMES:
        return convention.names.get(NAMES[key], "η")
    by_key = {
        "prediction": convention.prediction or convention.glyphs[Role.ACTIVATION],
        "input": convention.input,
        "batch-size": convention.sizes.get("sample"),
        "activation-function": None,  # every page calls it as it likes
        "order": "to_from" if convention.weight_to_from else "from_to",
        "shift": str(convention.weight_shift),
        "matrix": convention.matrix.value,
        "bias-as-weight": "yes" if convention.bias_as_weight else "no",
        "named-delta": "yes" if convention.glyphs[Role.DELTA] == "dz" else "no",
        "brackets": next(k for k, v in BRACKETS.items() if v == convention.brackets),
    }
    return by_key.get(key)


def _like(convention: Convention, value: str) -> str:
    """``value`` as far as it matters: matrices are capitals of the same letters."""
    return _small(value) if convention.matrix is not Matrix.OFF else value


def _small(glyph: str) -> str:
    """``z`` for ``Z``, ``dz`` for ``dZ``; what has no small letter stays."""
    if len(glyph) == 1:
        return glyph.lower()
    return glyph[0] + glyph[1].lower() if len(glyph) == 2 and glyph[0] in "dΔ" else glyph


def merged(preset: Convention, choice: Choice) -> Convention:
    """``preset`` with everything as the page has it."""
    shaped = _shaped(preset, choice)
    own, aliases = _glyphs(shaped, choice)
    glyphs = dict(shaped.glyphs)
    fixed = {GLYPHS[key] for key in own if key in GLYPHS}
    for key, role in GLYPHS.items():
        if key in own:
            _give(glyphs, role, own[key], fixed)
    prediction = own.get("prediction", shaped.prediction)
    is_other = prediction in (glyphs[Role.TARGET], glyphs[Role.PREACTIVATION])
    if ("prediction" not in own and is_other) or prediction == glyphs[Role.ACTIVATION]:
        prediction = prediction if shaped.bare else None
    names = {name: sign for name, sign in shaped.names.items() if sign not in glyphs.values()}
    names |= {NAMES[key]: value for key in NAMES if (value := choice.value(key))}
    count = choice.value("batch-size") or shaped.sizes.get("sample", "N")
    return replace(
        shaped,
        glyphs=glyphs,
        aliases={key: _free(names, key, glyphs) for key, names in aliases.items()},
        names=names,
        prediction=prediction,
        input=own.get("input", shaped.input),
        sizes={**shaped.sizes, "sample": count},
        letters=_letters(shaped, count),
        function=choice.value("activation-function") or shaped.function,
    )


def _free(names: tuple[str, ...], key: str, glyphs: Mapping[Role, str]) -> tuple[str, ...]:
    """Those of ``names`` that are not the glyph of another role."""
    taken = {capital(glyph) for role, glyph in glyphs.items() if role.value != key}
    return tuple(name for name in names if capital(name) not in taken)


def _glyphs(
    convention: Convention, choice: Choice
) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """The main glyph of each key that the page speaks of, and its other names."""
    own: dict[str, str] = {}
    aliases = {key: tuple(names) for key, names in convention.aliases.items()}
    for key in (*GLYPHS, "prediction", "input"):
        for value in choice.values(key):
            glyph = value if key == "loss" else _like(convention, value)
            if "_" in value or own.get(key, glyph) != glyph:
                alias = ALIASED.get(key, key)
                aliases[alias] = (*aliases.get(alias, ()), value)
            else:
                own[key] = glyph
    return own, aliases


ALIASED = {"pre-activation": "preactivation"}
"""Role in words -> the key of a convention's aliases."""


def _give(glyphs: dict[Role, str], role: Role, glyph: str, fixed: set[Role]) -> None:
    """``glyph`` to ``role``; what bore it before takes what ``role`` had."""
    before = glyphs[role]
    for other, its in glyphs.items():
        if other is not role and its == glyph and other not in fixed:
            glyphs[other] = before
    glyphs[role] = glyph


def _shaped(preset: Convention, choice: Choice) -> Convention:
    """``preset`` with places, indices and matrices written as on the page."""
    changes: dict[str, object] = {}
    if (order := choice.value("order")) is not None:
        changes["weight_to_from"] = order == "to_from"
    if (shift := choice.value("shift")) is not None:
        changes["weight_shift"] = int(shift)
    if (shift := choice.value("bias-shift")) is not None:
        changes["bias_shift"] = int(shift)
    if choice.value("bias-as-weight") is not None:
        changes["bias_as_weight"] = True
    elif choice.value("bias") is not None:
        changes["bias_as_weight"] = False
    if (brackets := choice.value("brackets")) is not None:
        changes["brackets"] = BRACKETS[brackets]
    if (scale := choice.value("delta-scale")) is not None:
        is_slope = choice.value("delta-defined") == "yes"
        changes["delta_scale"] = scale == "yes" and not is_slope
    matrix = choice.value("matrix")
    is_indexed = preset.matrix is Matrix.OFF and order is not None
    if matrix in MATRICES and not is_indexed:
        changes |= {"matrix": MATRICES[str(matrix)], "broadcast": True, "lies": matrix == "rows"}
        changes.setdefault("weight_to_from", matrix == "columns")
        changes["bias_as_weight"] = False
    return replace(preset, **changes)  # type: ignore[arg-type]


def _letters(convention: Convention, count: str) -> Mapping[str, str]:
    """Index letters, none of which is the number of samples."""
    neutral = convention.neutral(count)
    if len(count) != 1 or convention.letter(neutral) != count or not count.islower():
        return convention.letters
    return {**convention.letters, neutral: "ν"}


OWN = {
    "z": "activation",
    "u": "pre-activation",
    "w": "weight",
    "b": "bias",
    "delta": "delta",
    "d": "target",
}


def _own_names(convention: Convention) -> dict[str, list[str]]:
    """The signs that a page gives to single tensors, and the loss and its function."""
    places = [place for _, place in convention.own if place is not None]
    ends = {0: "input", max(places): "prediction"}
    found: dict[str, list[str]] = {}
    for (name, place), sign in convention.own.items():
        role = ends.get(place, "activation") if name == "z" and place is not None else OWN[name]
        names = found.setdefault(role, [])
        if sign.glyph not in names:
            names.append(sign.glyph)
    found["loss"] = [convention.glyphs[Role.LOSS]]
    found["activation-function"] = [convention.function]
    found["learning-rate"] = [convention.names.get("eta", "η")]
    return found


def names_of(convention: Convention) -> dict[str, list[str]]:
    """Under each role the glyphs that a page may show for it."""
    found: dict[str, list[str]] = {}
    if convention.own:
        return _own_names(convention)
    for key in (*GLYPHS, "prediction", "input", *NAMES):
        glyph = said(convention, key)
        if glyph:
            found[key] = list(dict.fromkeys((glyph, capital(glyph))))
    if convention.prediction is None:
        found.pop("prediction")
    found["activation-function"] = [convention.function]
    found["batch-size"] = [convention.sizes.get("sample", "N")]
    for key, names in convention.aliases.items():
        back = next((k for k, v in ALIASED.items() if v == key), key)
        found.setdefault(back, []).extend(names)
    return found
