"""Every formula of every document means what its line says: it is read, and compared."""

from itertools import product

import pytest

from symbp import gallery
from symbp.documents.formats import FORMATS
from symbp.documents.page import Speller
from symbp.documents.speaker import LATEX, PLAIN
from symbp.documents.words import LANGUAGES, words
from symbp.equations.canonical import canonical
from symbp.notation.notation import Notation
from symbp.notation.presets import PRESETS
from symbp.notation.reader import Reader, ReadError, Scope
from tests.derivation.networks import shipped
from tests.notation.test_law import with_letters_of
from tests.sampling import each

NAMES = gallery.names()
STYLES = {"latex": LATEX, "text": PLAIN}
LESSONS = {name: shipped(name) for name in NAMES}


def formulas(name, notation, style, language="en"):
    lesson = LESSONS[name].lesson
    page = Speller(notation, words(language), style).page(name, lesson)
    found = [formula for part in page.parts for formula in part.formulas]
    return list(zip(lesson.lines, found, strict=True))


def failures(lines, notation):
    """What does not read back, where the names of all of ``lines`` are known."""
    scope = Scope.of(*(side for line, _ in lines for side in (line.lhs, line.rhs)))
    reader = Reader(notation, scope)
    found = []
    for line, formula in lines:
        text = f"{formula.lhs} = {formula.rhs}"
        try:
            read = with_letters_of(line.lhs, reader.equation(text))
            meant = notation.meant(line.lhs, line.rhs)
            same = [canonical(s) for s in read] == [canonical(s) for s in meant]
        except ReadError as error:
            read, same = error, False
        if not same:
            found.append(f"({line.number}) {text}   read as {read}")
    return found


CASES = tuple(product(NAMES, PRESETS, STYLES))


@pytest.mark.parametrize(("name", "convention", "form"), each(3, CASES))
def test_formulas_read_back_within_the_whole_document(name, convention, form):
    notation = Notation(convention, LESSONS[name].network.last)
    assert not failures(formulas(name, notation, STYLES[form]), notation)


@pytest.mark.parametrize("form", STYLES)
@pytest.mark.parametrize("name", NAMES)
def test_formulas_are_the_same_in_every_language(name, form):
    notation = Notation("jp-uz", LESSONS[name].network.last)
    spelled = [
        [(f.number, f.lhs, f.rhs) for _, f in formulas(name, notation, STYLES[form], language)]
        for language in LANGUAGES
    ]
    assert all(each == spelled[0] for each in spelled)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("convention", PRESETS)
def test_documents_hold_the_formulas_that_were_read(form, convention):
    """What the law above reads is what is written into the files."""
    style = FORMATS[form].style
    notation = Notation(convention, LESSONS["xor"].network.last)
    text = LESSONS["xor"].render(form, convention)
    for _, formula in formulas("xor", notation, style):
        assert formula.rhs in text
        assert formula.lhs in text
