"""The words of both languages fit each other, and what a lesson needs."""

from string import Formatter

import pytest

from symbp import gallery
from symbp.documents.words import LANGUAGES, words
from tests.derivation.networks import shipped
from tests.derivation.test_results import MOVES

KEYS = [(group, key) for group, keys in words("en").groups.items() for key in keys]


def places(sentence):
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def test_languages_have_the_same_keys():
    found = {
        language: {group: set(keys) for group, keys in words(language).groups.items()}
        for language in LANGUAGES
    }
    assert all(keys == found["en"] for keys in found.values())


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each != "en"])
@pytest.mark.parametrize(("group", "key"), KEYS)
def test_places_to_be_filled_in_are_the_same(language, group, key):
    mine, theirs = (words(each).groups[group][key] for each in ("en", language))
    assert places(mine) == places(theirs)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_empty_or_left_untranslated(language):
    for group, key in KEYS:
        sentence = words(language).groups[group][key]
        assert sentence.strip() or group == "listing"
        if language == "ja" and group in ("move", "text", "heading"):
            assert any(ord(character) > 0x3000 for character in sentence), (group, key)


def test_every_move_has_words_and_all_words_of_moves_are_moves():
    told = set(words("en").groups["move"])
    assert set(MOVES) <= told
    compact = {"recall_staged", "quotient", "solve"}
    second = {"differentiate_along", "chain_along", "chain_curvature", "define_slope"}
    assert told - set(MOVES) == {"aim", "batch_delta", "batch_gradient"} | compact | second


@pytest.mark.parametrize(
    ("language", "count", "expected"),
    [
        ("en", 0, ""),
        ("en", 1, "(1)"),
        ("en", 2, "(1) and (2)"),
        ("en", 3, "(1), (2) and (3)"),
        ("ja", 3, "(1)、(2)、(3)"),
    ],
)
def test_listing(language, count, expected):
    assert words(language).listing([f"({n})" for n in range(1, count + 1)]) == expected


def test_an_unknown_key_is_an_error():
    with pytest.raises(KeyError):
        words("en").say("move", "conjure")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", gallery.names())
def test_no_place_is_left_open_in_a_document(name, language):
    text = shipped(name).render("text", language=language)
    for group, key in KEYS:
        for place in places(words(language).groups[group][key]):
            assert f"{{{place}}}" not in text
