"""Finds the notation in which a page is to be read: presets, and what the page says itself."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches

from sympy import Expr, Integer

from symbp.equations.axis import L
from symbp.equations.equation import Equation
from symbp.equations.tensor import Role
from symbp.network import Network
from symbp.notation.convention import Convention, Matrix
from symbp.notation.glyphs import MATRICES
from symbp.notation.notation import Notation
from symbp.notation.presets import PRESETS
from symbp.notation.presets import convention as preset_called
from symbp.notation.reader import Reader, ReadError
from symbp.notation.scope import Scope
from symbp.notation.spelling import TILDE, capital
from symbp.verification.binding.architecture import Architecture, architecture_of
from symbp.verification.binding.built import spelled
from symbp.verification.binding.candidates import Choice, distance, merged
from symbp.verification.binding.facts import Fact, Line, facts_of, lines_of
from symbp.verification.binding.given import scope_of_layers, second_order
from symbp.verification.binding.peek import name_of
from symbp.verification.binding.roles import UnknownRole, named_role
from symbp.verification.binding.scope import paper_scope
from symbp.verification.binding.style import Style
from symbp.verification.binding.table import table
from symbp.verification.binding.written import Written, written
from symbp.verification.finding import Bound
from symbp.verification.statement import Reading

TRIED = 4
"""Presets that are tried on the lines themselves: those nearest to what the page says."""
SAMPLED = 30
"""Lines on which they are tried; twice as many where one sample and many are spoken of."""

Judge = Callable[["Binding"], float]
"""How much a candidate explains beyond being readable: how many lines hold, say."""


@dataclass(frozen=True)
class BindTrouble:
    """An option that could not be used: ``unknown_role`` or ``unknown_glyph``."""

    code: str
    found: str
    similar: tuple[str, ...] = ()


@dataclass(frozen=True)
class Binding:
    """The notation and the scope in which a page is read.

    ``preset`` is the name it began with, ``is_guess`` says that another explains the page as well.
    With ``scalars`` the page has no indices: its quantities are numbers.
    """

    notation: Notation
    scope: Scope
    bounds: tuple[Bound, ...] = ()
    batch: bool = False
    troubles: tuple[BindTrouble, ...] = ()
    preset: str = ""
    scalars: bool = False
    is_guess: bool = False
    facts: tuple[Fact, ...] = field(default=(), repr=False)
    lines: tuple[Line, ...] = field(default=(), repr=False)
    built: Architecture | None = field(default=None, repr=False)
    written: Written | None = field(default=None, repr=False)
    second: tuple[Equation, ...] = field(default=(), repr=False)
    """What second derivatives of a given network are computed from, where they are spoken of."""
    _readers: dict[tuple[int, int], Reader] = field(default_factory=dict, compare=False, repr=False)

    @property
    def reader(self) -> Reader:
        """What reads the page: the same, with all that it has read, for whatever is made of this.

        Readers keep what they are known by, so that no other has its place in memory.
        """
        key = (id(self.notation), id(self.scope))
        if key not in self._readers:
            self._readers[key] = Reader(self.notation, self.scope)
        return self._readers[key]


def bind(
    reading: Reading,
    *,
    network: Network | None = None,
    notation: str | None = None,
    given: Mapping[str, str] | None = None,
    judge: Judge | None = None,
) -> Binding:
    """How ``reading`` is to be understood.

    ``notation`` names a preset; None tries all. ``given`` says which role a glyph plays. ``judge``
    is asked where several candidates are equally readable. Raises UnknownConvention.
    """
    presets = [preset_called(notation)] if notation else list(PRESETS.values())
    lines = lines_of(reading)
    style = Style(lines)
    options, troubles = _given(given or {}, style)
    facts = (*options, *facts_of(reading, lines), *style.facts())
    if style.is_chain:
        facts = tuple(fact for fact in facts if fact.key not in ("matrix", "shift"))
    choice = Choice.of(facts)
    if _has_capital_entries(style, choice):
        presets = [p for p in presets if p.matrix is Matrix.OFF] or presets
    ranked = sorted(presets, key=lambda each: distance(each, choice))
    if network is not None and not network.is_general:
        second = second_order(network) if _has_tangents(style) else ()
        if second or not network.is_stack:
            scope = scope_of_layers(network, second, in_general=style.speaks_of_any)
            # Most lines of matrices can be read where there are none, too: the others tell.
            ranked.sort(key=lambda each: style.has_matrices and each.matrix is Matrix.OFF)
            return replace(_of_layers(network, ranked, lines, scope), second=second)
    nearest = distance(ranked[0], choice)
    tried = [p for p in ranked if distance(p, choice) <= nearest + 1][:TRIED]
    conventions: dict[Hashable, tuple[str, Convention]] = {}
    for preset in tried:
        for convention in _variants(merged(preset, choice), style, choice):
            conventions.setdefault(_meaning(convention), (preset.name, convention))
    bindings = [
        binding
        for name, convention in conventions.values()
        for binding in _bindings(name, convention, style, network, choice)
    ]
    built = architecture_of([line.sides for line in lines]) if network is None else None
    own = list(_own(built, ranked[0], style, choice)) if built and not given else []
    winners = _winners(bindings, own, lines, judge)
    best = winners[0]
    if network is None and (other := _written(lines, best)) is not None:
        return replace(other, facts=facts, lines=lines, troubles=tuple(troubles))
    tables = [table(each.notation.convention, style, choice) for each in winners]
    is_guess = judge is None and any(_says(rows) != _says(tables[0]) for rows in tables)
    bounds = table(best.notation.convention, style, choice, is_guess)
    return replace(
        best, bounds=bounds, troubles=tuple(troubles), is_guess=is_guess, facts=facts, lines=lines
    )


def _has_tangents(style: Style) -> bool:
    """Whether the page has u and ũ, w and w̃, and a matrix before a direction."""
    glyphs = {sign.glyph for sign in style.signs}
    both = [glyph for glyph in glyphs if glyph + TILDE in glyphs]
    return len(both) > 1 and any(glyph[0] in MATRICES for glyph in glyphs)


def _of_layers(
    network: Network, presets: Sequence[Convention], lines: tuple[Line, ...], scope: Scope
) -> Binding:
    """The preset in which most lines can be read; all else has the names of the network."""
    bindings = [
        Binding(Notation(each, network.last), scope, batch=network.batch, preset=each.name)
        for each in presets
    ]
    best = _best(bindings, lines, None)[0]
    return replace(best, lines=lines)


def _written(lines: tuple[Line, ...], best: Binding) -> Binding | None:
    """What the page computes by its own equations, where ``best`` does not know what it speaks of.

    More lines must be read so; as many where the page has no layer of a network at all.
    """
    missing = _unknown(best, lines)
    own = written(lines)
    if own is None or not (missing or own.has_no_layer):
        return None
    found = Binding(own.notation, own.scope, bounds=own.bounds, preset="", written=own)
    most = missing - 1 if missing else 0
    return found if _unknown(found, lines) <= most else None


def score(binding: Binding, lines: tuple[Line, ...], judge: Judge | None = None) -> float:
    """How many of ``lines`` can be read under ``binding``, and what ``judge`` adds."""
    read = sum(_is_read(binding.reader, line) for line in lines)
    return read + (judge(binding) if judge is not None else 0.0)


def _is_read(reader: Reader, line: Line) -> bool:
    return len(line.sides) > 0 and not _trouble(reader, line)


def _trouble(reader: Reader, line: Line) -> str:
    """Why a line cannot be read; empty where it can."""
    text = line.statement.text.content.strip().lstrip("=").rstrip(" .,。、")
    try:
        reader.chain(text)
    except ReadError as error:
        return error.code
    except (NotImplementedError, TypeError, ValueError):
        return "beyond"
    return ""


def _has_capital_entries(style: Style, choice: Choice) -> bool:
    """Whether capitals are entries, as ``O_j = f(I_j)``, and there is no matrix on the page."""
    if style.has_matrices or choice.value("matrix") or not choice.value("order"):
        return False
    glyphs = {choice.value(key) for key in ("pre-activation", "activation")}
    return any(glyph and glyph.isupper() for glyph in glyphs)


def _own(
    built: Architecture, preset: Convention, style: Style, choice: Choice
) -> Iterator[Binding]:
    """Where each sign is what the page itself makes of it."""
    if choice.value("named-delta"):
        return
    convention = spelled(merged(preset, choice), built)
    glyphs = {sign.glyph for (name, _), sign in built.signs.items() if name in "uzd"}
    found = style.batches(frozenset(glyphs), convention.sizes.get("sample", "N"))
    yield from _at_last(
        preset.name,
        convention,
        style,
        None,
        choice,
        Integer(built.depth),
        found or (False,),
        scalars=False,
        bare=False,
        built=built,
    )


def _winners(
    bindings: list[Binding], own: list[Binding], lines: tuple[Line, ...], judge: Judge | None
) -> list[Binding]:
    """What the page builds itself, unless fewer lines can be read so."""
    best = _best(bindings, lines, judge)
    if not own:
        return best
    mine = _best(own, lines, judge)
    if not _says_more(mine[0], best[0]):
        return best
    return mine if _unknown(mine[0], lines) <= _unknown(best[0], lines) else best


def _unknown(binding: Binding, lines: tuple[Line, ...]) -> int:
    """In how many lines something is not known; a letter that does not fit may be a slip."""
    return sum(_trouble(binding.reader, line) not in ("", "axes_disagree") for line in lines)


def _says_more(own: Binding, preset: Binding) -> bool:
    """Whether the page gives a sign to something that ``preset`` calls otherwise.

    Where it does not, the preset is the one to read by: it has further names for the same things.
    """
    signs = ((t, own.notation.spelling.own(t)) for t in own.scope.tensors)
    known = preset.notation.spelling
    return any(sign is not None and known.tensor(t, True) != sign for t, sign in signs)


def _best(bindings: list[Binding], lines: tuple[Line, ...], judge: Judge | None) -> list[Binding]:
    """Those that explain most."""
    if len(bindings) == 1:
        return bindings
    both = len({each.batch for each in bindings}) > 1
    most = 2 * SAMPLED if both else SAMPLED
    claims = [line for line in lines if len(line.sides) > 1] or list(lines)
    telling = tuple(claims[:: 1 + len(claims) // most])
    scores = [score(each, telling, judge) for each in bindings]
    top = max(scores)
    return [b for b, found in zip(bindings, scores, strict=True) if found == top]


def _says(rows: tuple[Bound, ...]) -> set[tuple[str, str]]:
    return {(row.glyph, row.role) for row in rows}


def _meaning(convention: Convention) -> Hashable:
    """What makes a difference to how lines are understood."""
    return (
        tuple(sorted((role.value, glyph) for role, glyph in convention.glyphs.items())),
        tuple(sorted(convention.aliases.items())),
        (convention.prediction, convention.input, convention.labels, convention.names.get("eta")),
        (convention.sizes.get("sample"), convention.function, convention.matrix),
        (convention.weight_to_from, convention.weight_shift, convention.bias_as_weight),
        convention.bias_shift,
        (convention.first, convention.delta_scale, convention.bare, convention.suffix),
    )


def _variants(convention: Convention, style: Style, choice: Choice) -> Iterator[Convention]:
    """``convention``, and with matrices too where the page has some and it has none."""
    if style.is_chain:
        yield replace(
            convention,
            matrix=Matrix.OFF,
            suffix=True,
            bare=False,
            bias_as_weight=False,
            brackets="",
        )
        return
    if convention.matrix is Matrix.OFF and style.has_matrices and not choice.value("matrix"):
        first, second = Matrix.COLUMNS, Matrix.ROWS
        if not convention.weight_to_from:
            first, second = second, first
        for matrix in (first, second):
            yield _with_matrices(convention, matrix)
    yield convention


def _with_matrices(convention: Convention, matrix: Matrix) -> Convention:
    return replace(convention, matrix=matrix, broadcast=True, bias_as_weight=False)


def _bindings(
    preset: str, convention: Convention, style: Style, network: Network | None, choice: Choice
) -> Iterator[Binding]:
    """For many samples and for one, for one layer and for many, where the page does not tell."""
    plain = not style.has_places and not convention.suffix
    bare = plain and convention.bare
    scalars = style.is_chain or (bare and not style.has_indices and not style.has_matrices)
    lasts = [_last(convention, style, network, plain)]
    if plain and not scalars and network is None and lasts == [L] and choice.value("input"):
        lasts.append(Integer(1))
    batches = (False,) if scalars else _batches(convention, style, network)
    for last in lasts:
        yield from _at_last(
            preset, convention, style, network, choice, last, batches, scalars=scalars, bare=bare
        )


def _at_last(
    preset: str,
    convention: Convention,
    style: Style,
    network: Network | None,
    choice: Choice,
    last: Expr,
    batches: tuple[bool, ...],
    *,
    scalars: bool,
    bare: bool,
    built: Architecture | None = None,
) -> Iterator[Binding]:
    """Where ``last`` is the place that predicts."""
    scopes = [
        paper_scope(
            network,
            batch,
            last=last,
            scalars=scalars,
            plain=bare or style.is_chain,
            functions=choice.values("activation-function")[1:],
            labelled=network is None and style.has_labels(convention.labels),
            built=built,
        )
        for batch in batches
    ]
    if len(batches) > 1:
        # Indices and capitals tell which: z_j is that of one sample, z_nj and Z are those of many.
        batches = (*batches, batches[0])
        scopes.append(scopes[0].joined(scopes[1]))
    for batch, scope in zip(batches, scopes, strict=True):
        yield Binding(
            Notation(convention, last),
            scope,
            batch=batch,
            preset=preset,
            scalars=scalars,
            built=built,
        )


def _last(convention: Convention, style: Style, network: Network | None, plain: bool) -> Expr:
    """The place that predicts: L where it is called so, else the highest number on the page."""
    if style.speaks_of_last:
        return L
    if network is not None and not network.is_general and not style.speaks_of_any:
        return network.last
    if plain and convention.bare:
        return Integer(1)
    highest = style.highest - convention.first
    if highest < 1 or (style.speaks_of_any and not _is_predicting(convention, style)):
        return L
    return Integer(highest)


def _is_predicting(convention: Convention, style: Style) -> bool:
    """Whether the highest number on the page is met with the prediction or the target."""
    named = (convention.prediction, convention.glyphs[Role.TARGET])
    glyphs = frozenset(g for glyph in named if glyph for g in (glyph, capital(glyph)))
    return style.highest > 1 and style.meets(str(style.highest), glyphs)


def _batches(convention: Convention, style: Style, network: Network | None) -> tuple[bool, ...]:
    """Whether many samples are spoken of, the likelier first."""
    roles = (Role.ACTIVATION, Role.PREACTIVATION, Role.DELTA, Role.TARGET)
    glyphs = [convention.glyphs[role] for role in roles]
    glyphs += [convention.prediction or "", convention.input]
    every = frozenset(g for glyph in glyphs if glyph for g in (glyph, capital(glyph)))
    found = style.batches(every, convention.sizes.get("sample", "N"))
    if not found:
        return (network.batch,) if network is not None else (False,)
    return found


def _given(
    given: Mapping[str, str], style: Style
) -> tuple[tuple[Fact, ...], tuple[BindTrouble, ...]]:
    """Facts from options, and what is wrong with them."""
    facts: list[Fact] = []
    troubles: list[BindTrouble] = []
    seen = sorted({name_of(sign) for sign in style.signs})
    for glyph, word in given.items():
        role = named_role(word)
        if isinstance(role, UnknownRole):
            troubles.append(BindTrouble("unknown_role", word, role.similar))
        elif glyph not in seen:
            similar = tuple(get_close_matches(glyph, seen, n=3, cutoff=0.4))
            troubles.append(BindTrouble("unknown_glyph", glyph, similar))
        else:
            facts.append(Fact(role, glyph, "option"))
    return tuple(facts), tuple(troubles)
