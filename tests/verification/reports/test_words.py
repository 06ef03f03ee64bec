"""The words of both languages fit each other, and all that the package says has words."""

import ast
from pathlib import Path
from string import Formatter

import pytest

from symbp.losses.criterion import CRITERIA
from symbp.verification.binding.roles import ROLES
from symbp.verification.mistakes.table import MISTAKES
from symbp.verification.reports.saying import LANGUAGES, sentences
from symbp.verification.verdict import Verdict

PACKAGE = Path(__file__).parents[3] / "symbp" / "verification"
SAYING = {"Said", "Ground"}
"""What is made with the key of a sentence first."""

OUTSIDE = ("mistakes",)
"""Folders whose sentences lie elsewhere."""

EN = sentences("en")


def places(sentence):
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def files():
    for path in sorted(PACKAGE.rglob("*.py")):
        if not set(path.relative_to(PACKAGE).parts) & set(OUTSIDE):
            yield path


def calls():
    for path in files():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
                yield path, node


def said():
    """File and line, key, and the names of the facts where they are written out."""
    for path, node in calls():
        name, first = node.func.id, node.args[0]
        where = f"{path.name}:{node.lineno}"
        if name in SAYING and isinstance(first, ast.Constant) and isinstance(first.value, str):
            facts = node.args[1] if len(node.args) > 1 else None
            known = None
            if facts is None:
                known = set()
            elif isinstance(facts, ast.Dict) and all(
                isinstance(k, ast.Constant) for k in facts.keys
            ):
                known = {key.value for key in facts.keys}
            # A key without a group is one of a mistake's texts.
            if "." in first.value:
                yield where, first.value, known
        elif name == "say" and isinstance(first, ast.Constant):
            yield where, first.value, None


ALL_SAID = list(said())


def test_languages_have_the_same_keys():
    assert all(set(sentences(language)) == set(EN) for language in LANGUAGES)


@pytest.mark.parametrize("key", EN)
def test_places_to_be_filled_in_are_the_same(key):
    assert places(EN[key]) == places(sentences("ja")[key])


def test_nothing_is_left_untranslated():
    alike = {"report.origin", "report.size_other", "condition.fact", "listing.last"}
    for key, sentence in sentences("ja").items():
        assert key in alike or any(ord(c) > 0x3000 for c in sentence) or sentence != EN[key], key


def codes(of, *folders):
    """Codes that are the first argument of a call, by where they are."""
    for folder in folders:
        for path in sorted(folder.rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and node.args:
                    name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                    first = node.args[0]
                    if name in of and isinstance(first, ast.Constant) and first.value:
                        yield first.value


@pytest.mark.parametrize(
    ("group", "found"),
    [
        (
            "paper.unread",
            codes({"ReadError", "unread", "_unread"}, PACKAGE, PACKAGE.parent / "notation"),
        ),
        ("trouble", codes({"trouble", "BindTrouble"}, PACKAGE / "sources", PACKAGE / "binding")),
        ("code.unread", codes({"CodeTrouble"}, PACKAGE / "code")),
    ],
    ids=["unread", "trouble", "code"],
)
def test_every_code_of_a_trouble_has_words(group, found):
    assert {f"{group}.{code}" for code in found} <= set(EN)


def test_something_is_said():
    assert len(ALL_SAID) > 40


@pytest.mark.parametrize(("where", "key"), sorted({(where, key) for where, key, _ in ALL_SAID}))
def test_every_key_in_the_package_has_words(where, key):
    assert key in EN, f"{where} says {key}, which has no words in symbp/verification/words"


@pytest.mark.parametrize(
    ("where", "key", "facts"), [each for each in ALL_SAID if each[2] is not None]
)
def test_sentences_get_their_facts(where, key, facts):
    assert places(EN.get(key, "")) <= facts, where


@pytest.mark.parametrize("verdict", Verdict)
def test_every_verdict_has_words(verdict):
    assert {f"verdict.{verdict}", f"short.{verdict}"} <= set(EN)


@pytest.mark.parametrize("role", ROLES)
def test_every_role_has_words(role):
    assert f"role.{role}" in EN


@pytest.mark.parametrize("name", CRITERIA)
def test_every_loss_has_a_name(name):
    assert f"name.{name}" in EN


def told_of_mistakes():
    """Where a code and the key of its text are both written out."""
    for path, node in calls():
        if node.func.id != "Told" or not isinstance(node.args[0], ast.Constant):
            continue
        said = node.args[1] if len(node.args) > 1 else None
        if isinstance(said, ast.Call) and said.args and isinstance(said.args[0], ast.Constant):
            yield f"{path.name}:{node.lineno}", node.args[0].value, said.args[0].value


@pytest.mark.parametrize(("where", "code", "key"), list(told_of_mistakes()))
def test_what_is_told_of_a_mistake_is_among_its_texts(where, code, key):
    for language in ("en", "ja"):
        assert MISTAKES[code].text(key, language), where
