"""Where layers are many, they are told in general, and called what they are all the same."""

from __future__ import annotations

import re
from functools import cache

import pytest

from symbp import Dense, Network, derive
from symbp.documents.lesson import LONGEST_LISTING
from symbp.documents.page import Speller
from symbp.documents.speaker import PLAIN
from symbp.documents.words import LANGUAGES, words
from symbp.layers import (
    LSTM,
    Add,
    BatchNorm,
    Conv1d,
    Dropout,
    Embedding,
    Flatten,
    Input,
    LayerNorm,
    Maxout,
    Node,
    SelfAttention,
)
from symbp.notation.notation import Notation
from tests.layers.networks import NETWORKS as SMALL
from tests.layers.networks import derived as small
from tests.sampling import each

FEW, MANY = 2, LONGEST_LISTING + 2

CLASSES = "sparse_categorical_cross_entropy"


def blocks(count):
    yield Node(Embedding(6), name="b0")
    for k in range(1, count + 1):
        yield LayerNorm()
        yield Node(SelfAttention(2, causal=True), name=f"a{k}")
        yield Node(Add(), (f"b{k - 1}", f"a{k}"), name=f"b{k}")


NETWORKS = {
    "dense": lambda count: Network.of("net", 3, [*[Dense(4, "tanh")] * (count + 1), Dense(2)]),
    "cells": lambda count: Network.of("net", (5, 3), [*[LSTM(4)] * (count + 1), Dense(2)]),
    "windows": lambda count: Network.of(
        "net", (2, 9), [*[Conv1d(2, 3, padding=1)] * (count + 1), Flatten(), Dense(2)]
    ),
    "normalised": lambda count: Network.of("net", 3, [*[Dense(4), BatchNorm()] * count, Dense(2)]),
    "dropped": lambda count: Network.of(
        "net", 3, [*[Maxout(4, 2), Dropout(0.3)] * count, Dense(2)]
    ),
    "transformer": lambda count: Network.of(
        "net", (Input("x", (5,), 9),), [*blocks(count), Dense(9, "softmax")], CLASSES
    ),
}


@cache
def page(name, count, language):
    made = derive(NETWORKS[name](count))
    notation = Notation("jp-uz", made.network.last)
    return Speller(notation, words(language), PLAIN, made.lesson.kinds).page("", made.lesson)


def reasons(name, count, language):
    """Why the first chapter's lines stand there, without the numbers of layers."""
    formulas = page(name, count, language).parts[0].formulas
    return {re.sub(r"\b(\d+|l)\b", "", formula.reason) for formula in formulas}


def symbols(name, count, language):
    """What quantities are, whichever layers they are told of."""
    return {
        re.sub(r" \([^()]*, …, .*\)$", "", row[1]) for row in page(name, count, language).symbols
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NETWORKS)
def test_what_a_line_is_does_not_depend_on_how_many_layers_there_are(name, language):
    assert any(each.condition for each in page(name, MANY, language).parts[0].formulas)
    assert reasons(name, MANY, language) == reasons(name, FEW, language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [*NETWORKS][1:])  # x of the first is z of layer 0
def test_nor_does_the_table_of_symbols(name, language):
    assert symbols(name, MANY, language) == symbols(name, FEW, language)


@pytest.mark.parametrize("name", NETWORKS)
def test_no_sign_has_two_rows_that_do_not_tell_the_layers_apart(name):
    rows = page(name, MANY, "en").symbols
    assert len(rows) == len(set(rows))
    for sign, meaning in rows:
        several = [other for mark, other in rows if mark == sign]
        assert len(several) == 1 or meaning == "activation" or "…" in meaning


@pytest.mark.parametrize("name", NETWORKS)
def test_chapters_say_what_layers_they_are_about(name):
    headings = [part.heading for part in page(name, MANY, "en").parts]
    assert not any("hidden" in heading for heading in headings) or name == "dense"


def to_be_filled(language):
    groups = words(language).groups.values()
    texts = [text for group in groups for text in group.values() if isinstance(text, str)]
    return {each for text in texts for each in re.findall(r"\{\w+\}", text)}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [*NETWORKS, *each(3, tuple(SMALL))])
def test_no_words_are_left_open(name, language):
    made = derive(NETWORKS[name](MANY)) if name in NETWORKS else small(name)
    text = made.render("text", language=language)
    assert [each for each in to_be_filled(language) if each in text] == []
