"""The mutants of the derivations, each held against the oracle."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from tests.benchmarks.mutation.claims import Judged, judge
from tests.benchmarks.mutation.documents import Formula, blanked, line_of, read
from tests.benchmarks.mutation.mutants import Edit, Mutant, apply
from tests.benchmarks.mutation.nodes import Number, Partial, Product, Symbol, walk
from tests.benchmarks.mutation.parser import Unread, parse
from tests.benchmarks.mutation.place import Place, layer_text, slopes
from tests.benchmarks.mutation.same import SAME
from tests.benchmarks.mutation.slips import PAPER
from tests.benchmarks.mutation.spec import Spec, read_specs
from tests.benchmarks.mutation.tokens import macros, tokens

HERE = Path(__file__).parent
OTHER_LOSSES = (
    (
        re.compile(r"\\[dt]?frac\{?1\}?\{?2\}?\s*(?=\\sum|\\\|)"),
        {"loss": "se"},
        {"M06", "M26", "M08"},
    ),
    (re.compile(r"\\frac\{1\}\{[Nm]\}(?=\\sum)"), {"scale": "sum"}, {"M07", "M26"}),
)


def derivations() -> dict[str, tuple[str, Spec]]:
    """Source and declaration of each derivation, by file name."""
    specs = read_specs(HERE / "specs.toml")
    folder = HERE / "derivations"
    return {n: ((folder / n).read_text(encoding="utf-8"), s) for n, s in sorted(specs.items())}


def places(
    source: str, spec: Spec, formulas: list[Formula]
) -> Iterator[tuple[Formula, int, Place]]:
    """Each member of each claim."""
    shelf = gathered(source, spec, formulas)
    for formula in formulas:
        if formula.chain and not formula.given:
            for k, member in enumerate(formula.chain.members[1:], 1):
                yield formula, k, Place(source, spec, formula.left, member, shelf)


def gathered(source: str, spec: Spec, formulas: list[Formula]) -> dict[str, str]:
    """Texts that slips put elsewhere: f′ by its layer, and what a weight is multiplied by."""
    shelf: dict[str, str] = {}
    for formula in formulas:
        if not formula.chain or formula.given:
            continue
        for member in formula.chain.members[1:]:
            place = Place(source, spec, formula.left, member, shelf)
            if place.target() == "weight":
                for node in place.whole(Symbol):
                    plain = place.role(node) in {"act", "input"} and not node.transposed
                    if plain and node.indices:
                        left = formula.left.below if isinstance(formula.left, Partial) else None
                        shelf.setdefault("input " + layer_text(left), place.text(node))
            if place.target() in {"delta", "pre"}:
                for product, which, of in slopes(place):
                    nodes = [product.factors[k][1] for k in which]
                    text = source[nodes[0].span[0] : nodes[-1].span[1]]
                    shelf.setdefault("slope " + layer_text(of), text)
    return shelf


def verdict(source: str, edits: list[Edit], formula: Formula, k: int, spec: Spec, right: Judged):
    """What the oracle says of member k once the row is mutated."""
    text = apply(source, edits)
    end = formula.end + len(text) - len(source)
    line = tokens(blanked(text, formula.start, end), formula.start, end, macros(source))
    try:
        chain = parse([t for t in line if t.text != "~"], spec)
    except Unread:
        return text, Judged(None, "unread")
    continues = (
        isinstance(chain.members[0], Number) and formula.left is not formula.chain.members[0]
    )
    left = formula.left if continues else chain.members[0]
    if len(chain.members) <= k:
        return text, Judged(None, "shape")
    layers = right.where if right.where != (0,) else None
    moved = left != formula.left and not continues and str_of(left) != str_of(formula.left)
    return text, judge(left, chain.members[k], spec, None if moved else layers)


def has_more(formula: Formula, formulas: list[Formula]) -> bool:
    """Whether the left side of a row stands for more than its right side."""
    rows = [f for f in formulas if f.chain and f.left is formula.left]
    return len(rows) > 1 or len(formula.chain.members) > 2


def str_of(node) -> str:
    return re.sub(r"span=[^,)]*(?:, \d+\))?|mark=[^,)]*(?:, \d+\))?", "", str(node))


def mutants(name: str, source: str, spec: Spec) -> Iterator[Mutant | None]:
    """All mutants of one derivation; None for each that the oracle cannot decide."""
    formulas = read(source, spec)
    for formula, k, place in places(source, spec, formulas):
        right = judge(formula.left, place.member, spec)
        if not right.holds:
            continue
        found: dict[str, tuple[set[str], Judged]] = {}
        for slip in PAPER:
            for edits, codes in slip(place):
                if "M29" in codes and has_more(formula, formulas):
                    continue
                if not edits or any(start < formula.start for start, _, _ in edits):
                    continue  # the left side of a row above is no slip in this one
                text, judged = verdict(source, edits, formula, k, spec, right)
                if judged.holds is None:
                    yield None
                elif text in found:
                    found[text][0].update(codes)
                elif text != source:
                    found[text] = (set(codes), judged)
        by_print: dict[tuple, set[str]] = defaultdict(set)
        for codes, judged in found.values():
            if judged.why != "axes":
                by_print[judged.print] |= codes
        for text, (codes, judged) in found.items():
            like = by_print[judged.print] if judged.why != "axes" else set()
            like = like | {"M29"} if judged.is_partial else set()
            yield made(name, source, text, formula, codes | like, not judged.holds)
        for change in SAME:
            for edits in change(place):
                text, judged = verdict(source, edits, formula, k, spec, right)
                if edits and judged.holds is None:
                    yield None
                elif edits and judged.holds is False:
                    raise AssertionError((name, change.__name__, text[formula.start : formula.end]))
                elif edits:
                    yield made(name, source, text, formula, set(), False)
    yield from of_givens(name, source, spec, formulas)


def made(
    name: str, source: str, text: str, formula: Formula, codes: set[str], wrong: bool
) -> Mutant:
    end = formula.end + len(text) - len(source)
    what = " ".join(text[formula.start : end].split())
    accepts = {"refuted"} | ({"conditional"} if "M29" in codes else set())
    lines = frozenset(
        range(
            formula.line, line_of(text, formula.start + len(text[formula.start : end].rstrip())) + 1
        )
    )
    return Mutant(
        *(name, "paper", text, formula.line, frozenset(codes if wrong else ()), wrong, what),
        *(lines, frozenset(accepts)),
    )


def of_givens(name: str, source: str, spec: Spec, formulas: list[Formula]) -> Iterator[Mutant]:
    """Another loss stated, δ said to be another derivative, an update typed as an equation."""
    for formula in formulas:
        if not formula.chain or not formula.given:
            continue
        left, right = formula.chain.members[0], formula.chain.members[1]
        role = spec.names.get(getattr(left, "glyph", ""), "")
        if formula.chain.signs[0] == r"\leftarrow":
            start, end = formula.chain.sign_spans[0]
            mutant = made(name, source, apply(source, [(start, end, "=")]), formula, {"M28"}, True)
            yield replace(mutant, accepts=frozenset({"assignment", "refuted"}))
        if role in {"delta", "dpre"} and isinstance(right, Partial):
            below = right.below
            glyph = Place(source, spec, left, right, {}).glyph("act", getattr(below, "glyph", "a"))
            if isinstance(below, Symbol) and below.name_span and spec.names[below.glyph] == "pre":
                if is_linear(below, spec):  # ∂E/∂z is ∂E/∂u there
                    continue
                text = apply(source, [(*below.name_span, glyph)])
                other = replace(spec, delta="act")
                yield from first_wrong(name, source, text, formula, formulas, other, {"M27"})
        if role in {"loss", "D"} and not any(
            isinstance(n, Product) and n.span is None for n in walk(right)
        ):
            for pattern, change, codes in OTHER_LOSSES:
                match = pattern.search(source, formula.start, formula.end)
                if match and (change != {"loss": "se"} or spec.loss == "half_se"):
                    text = apply(source, [(*match.span(), "")])
                    other = replace(spec, **change)
                    yield from first_wrong(name, source, text, formula, formulas, other, codes)


def is_linear(unit: Symbol, spec: Spec) -> bool:
    """Whether a quantity stands at one numbered layer, whose activation is the identity."""
    base = unit.layer.base if unit.layer else ""
    return base.isdigit() and spec.activations[int(base) - spec.base - 1] == "identity"


def first_wrong(name, source, text, formula, formulas, spec, codes) -> Iterator[Mutant]:
    """The claims that fail once something given is another thing; any of them may be told."""
    failing = [
        claim
        for claim in formulas
        if claim.chain and not claim.given
        for member in claim.chain.members[1:]
        if judge(claim.left, member, spec).holds is False
    ]
    if failing:
        lines = {line_of(source, t.start) for c in failing for t in c.tokens}
        mutant = made(name, source, text, formula, codes, True)
        lines |= mutant.lines  # what is given may itself be held to be the slip
        yield replace(mutant, lines=frozenset(lines), line=failing[0].line)
