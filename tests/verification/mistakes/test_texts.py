"""Every mistake says what it says in every language, and nothing else."""

from string import Formatter

import pytest

from symbp.documents.words import LANGUAGES
from symbp.verification.mistakes.mistake import ABOUT, SEEN
from symbp.verification.mistakes.table import HIDES, MISTAKES

CODES = [f"M{number:02}" for number in range(1, 31)]


def placeholders(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_every_code_has_a_mistake():
    assert list(MISTAKES) == CODES
    assert all(code == mistake.code for code, mistake in MISTAKES.items())
    assert set(HIDES) | {c for hidden in HIDES.values() for c in hidden} <= set(CODES)


@pytest.mark.parametrize("code", CODES)
def test_languages_have_the_same_texts(code):
    texts = MISTAKES[code].texts
    assert set(texts) == set(LANGUAGES)
    assert set(ABOUT) <= set(texts["en"])
    assert SEEN not in texts["en"]
    for key in texts["en"]:
        assert placeholders(texts["en"][key]) == placeholders(texts["ja"][key]), key
        assert all(texts[language][key].strip() for language in texts)


@pytest.mark.parametrize("code", CODES)
def test_what_is_about_the_mistake_has_no_placeholders(code):
    mistake = MISTAKES[code]
    for language in LANGUAGES:
        for key in (*ABOUT, SEEN):
            assert not placeholders(mistake.text(key, language))
