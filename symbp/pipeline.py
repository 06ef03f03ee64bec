"""The story, in the order in which it happens.

declare    a TOML file or Python   ->  Network      forward equations, and nothing else
check                              ->  Program      every index stands where it belongs
derive     the program             ->  Sections     δ and ∂E/∂w of each layer, step by step
compose    the sections            ->  Lesson       the steps in reading order, numbered
render     the lesson              ->  a document   in a notation, a language and a format
plan, emit the sections            ->  a module     NumPy, a statement an equation, with numbers
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from sympy import Expr

from symbp import gallery
from symbp.derivation.backprop import Section, backpropagate, backpropagate_windows
from symbp.documents.compose import compose, compose_general
from symbp.documents.formats import FORMATS
from symbp.documents.lesson import Lesson, Line
from symbp.documents.page import Speller
from symbp.documents.words import LANGUAGES, words
from symbp.equations.calculus import Opaque
from symbp.equations.equation import Equation
from symbp.equations.tensor import tensor_of
from symbp.errors import LeftOpen, SpecErrors, fault
from symbp.files import stamp, write_all
from symbp.lowering.stored import NotLowered
from symbp.naming import is_path
from symbp.network import Network
from symbp.notation.notation import Notation
from symbp.planning import plan
from symbp.specification.reader import read_network
from symbp.targets.numpy.module import NumpyTarget
from symbp.targets.plan import ModulePlan
from symbp.targets.styles import STYLE, check
from symbp.targets.target import Target

if TYPE_CHECKING:
    from symbp.derivation.second import Second
    from symbp.equations.equality import Certificate, Verdict

NOTATION = "jp-uz"
TARGET: Target = NumpyTarget()


def declare(source: str | Path | Network) -> Network:
    """A network as it is, by its name in the gallery, or read from a TOML file.

    Raises SpecErrors with all that is wrong with the declaration.
    """
    if isinstance(source, Network):
        return source
    is_file = isinstance(source, Path) or is_path(source)
    return read_network(source) if is_file else gallery.load(str(source))


def derive(source: str | Path | Network, *, second_order: bool = False) -> Derived:
    """The backpropagation of a network; with ``second_order``, how the gradient changes, too."""
    return Derived(declare(source), second_order)


@dataclass(frozen=True)
class Derived:
    """A network and what follows from its equations, worked out when first asked for."""

    network: Network
    second_order: bool = False

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """The derivations, last layer first; of the form where only that is declared."""
        if self.network.is_general:
            windows = self.network.windows()
            return backpropagate_windows((windows.output, windows.hidden))
        return backpropagate(self.network.program())

    @cached_property
    def computed(self) -> tuple[Section, ...]:
        """The derivations that code follows: those of the instance where a form is declared."""
        if self.network.is_general:
            return backpropagate(self.network.concrete.program())
        return self.sections

    @cached_property
    def second(self) -> Second | None:
        """The tangents of all equations that code follows, where they are wanted."""
        if not self.second_order:
            return None
        from symbp.derivation.second import Second

        network = self.network.concrete
        return Second.of(network.program(), self.computed, network.predictions)

    @cached_property
    def lesson(self) -> Lesson:
        """The derivations in reading order, numbered."""
        network, optimizer = self.network, self.network.concrete.optimizer
        plain = optimizer.name == "sgd" and len(optimizer.equations) == 1
        updates = () if plain else optimizer.equations
        if network.is_general:
            windows = replace(network, batch=True).windows()
            batch = backpropagate_windows((windows.output, windows.hidden))
            return compose_general(self.sections, batch, updates, second=self.second_order)
        return compose(
            network.program(),
            self.sections,
            updates,
            network.kinds,
            (network.inference, network.updates),
            self.second,
        )

    def render(self, form: str = "text", notation: str = NOTATION, language: str = "en") -> str:
        """The document in one of FORMATS and LANGUAGES. Raises UnknownConvention, KeyError."""
        layout = FORMATS[form]
        spelled = self._spelled(notation, self.network)
        title = getattr(self.network.title, language) or self.network.name
        speller = Speller(spelled, words(language), layout.style, self.lesson.kinds)
        page = speller.page(title, self.lesson)
        return layout.layout(page)

    def emit(
        self,
        notation: str = NOTATION,
        documents: Sequence[str] = (),
        *,
        style: str = STYLE,
        without: Sequence[str] = (),
    ) -> str:
        """The NumPy module that trains the network, in one of STYLES.

        ``without`` names SWITCHES of the fast style that are off.
        Raises LeftOpen where a function is unknown, ValueError for words that are none.
        """
        return self._module(self.planned(notation, documents, style, without))

    def _module(self, planned: ModulePlan) -> str:
        try:
            return TARGET.module(planned)
        except NotLowered as unknown:
            raise SpecErrors([fault("code_unknown", reason=unknown.code)]) from None

    def planned(
        self,
        notation: str = NOTATION,
        documents: Sequence[str] = (),
        style: str = STYLE,
        without: Sequence[str] = (),
    ) -> ModulePlan:
        """All that the module says, decided. Raises LeftOpen where a function is unknown."""
        check(style, without)
        for equation in self.network.program().equations:
            if equation.rhs.has(Opaque):
                place = tensor_of(equation.lhs).place
                raise LeftOpen(self.network.name, str(place))
        spelled = self._spelled(notation, self.network.concrete)
        made = plan(self.network, self.computed, self.lesson, spelled, documents, self.second)
        return replace(made, style=style, without=tuple(without))

    def _spelled(self, notation: str, network: Network) -> Notation:
        """One notation for all documents, which arranges each line once."""
        key = notation, network.last
        return self._notations.setdefault(key, Notation(*key))

    @cached_property
    def _notations(self) -> dict[tuple[str, Expr], Notation]:
        return {}

    def certify(self) -> Counter[Verdict]:
        """How many lines of the lesson are how surely right."""
        counts: Counter[Verdict] = Counter()
        for line in self.lesson.lines:
            if line.step and line.program:
                counts[line.step.certificate(line.program).verdict] += 1
        return counts

    def files(
        self, notation: str = NOTATION, style: str = STYLE, without: Sequence[str] = ()
    ) -> Iterator[tuple[str, str]]:
        """The module and its derivation in every language: names and stamped texts."""
        documents = [f"derivation.{language}.md" for language in LANGUAGES]
        planned = self.planned(notation, documents, style, without)
        yield TARGET.filename(planned), stamp(self._module(planned), TARGET.comment)
        for language in LANGUAGES:
            for form in ("latex", "markdown"):
                layout = FORMATS[form]
                text = self.render(form, notation, language)
                yield f"derivation.{language}{layout.suffix}", stamp(text, layout.comment)

    def __getitem__(self, number: int) -> Shown:
        """The line with this number. Raises IndexError where there is none."""
        for line in self.lesson.lines:
            if line.number == number:
                return Shown(line, Notation(NOTATION, self.network.last))
        raise IndexError(number)

    def _repr_markdown_(self) -> str:
        return self.render("markdown")


@dataclass(frozen=True)
class Shown:
    """A line of a derivation: it shows itself as math in a notebook, as Unicode elsewhere."""

    line: Line
    notation: Notation

    @property
    def equation(self) -> Equation:
        """The line as it stands in the calculus."""
        return Equation(self.line.id, self.line.lhs, self.line.rhs)

    @property
    def certificate(self) -> Certificate | None:
        """How surely it follows from the line before; None for what is declared."""
        step, program = self.line.step, self.line.program
        return step.certificate(program) if step and program else None

    def __str__(self) -> str:
        return self.notation.unicode_equation(self.line.lhs, self.line.rhs)

    def _repr_latex_(self) -> str:
        return f"${self.notation.latex_equation(self.line.lhs, self.line.rhs)}$"


def generate(
    source: str | Path | Network,
    folder: str | Path,
    notation: str = NOTATION,
    *,
    force: bool = False,
    second_order: bool = False,
    style: str = STYLE,
    without: Sequence[str] = (),
) -> dict[Path, bool]:
    """Write the trainer and its derivation below ``folder``; which paths were changed.

    Raises HandEdited for a file that a person has edited, unless ``force``, before anything is
    written; Unwritable where the system refuses.
    """
    derived = derive(source, second_order=second_order)
    home = Path(folder) / derived.network.name
    texts = {home / name: text for name, text in derived.files(notation, style, without)}
    return write_all(texts, force=force)
