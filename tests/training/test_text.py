"""Generated modules learn to foretell the next character of the project's own documents.

What is held out costs so many nats a character; beside it, what it would cost with the frequency of
each character alone, and with that of each pair, counted in what is held out itself. The documents
change, and all three with them: how far below the entropy of pairs a network comes, hardly does.
"""

import math
import time

import numpy as np
import pytest

from tests.training import corpus
from tests.training.loaded import module_of


def parts(module, count):
    """Windows to learn from, and all that are held out."""
    kept, held = corpus.split(corpus.documents())
    numbers = corpus.numbering(kept, module.TOKENS)
    (length,) = module.INPUT
    learnt = corpus.windows(kept, numbers, module.TOKENS, length, count)
    return learnt, corpus.windows(held, numbers, module.TOKENS, length)


def below_pairs(name, count, **options):
    """How many nats below the entropy of pairs the held-out text costs, after ``train``."""
    module = module_of(name)
    learnt, held = parts(module, count)
    begin = time.thread_time()
    params, _ = module.train(*learnt, verbose=False, dtype=np.float32, **options)
    seconds = time.thread_time() - begin
    reached = module.loss(params, *held)
    single, pairs = corpus.unigram(*held), corpus.bigram(*held)
    print(
        f"{name}: {reached:.3f} nats a character on {held[1].size} held out, after {seconds:.0f} s;"
        f" {single:.3f} by single characters, {pairs:.3f} by pairs"
    )
    assert pairs < single < math.log(module.TOKENS)
    return pairs - reached, seconds


@pytest.mark.slow
@pytest.mark.parametrize(("name", "least"), [("char_lstm", 0.3), ("char_transformer", 0.1)])
def test_half_a_minute_is_enough_to_know_more_than_pairs(name, least):
    reached, seconds = below_pairs(name, 2400, epochs=5)
    assert reached >= least
    assert seconds < 30


@pytest.mark.long
@pytest.mark.parametrize(("name", "least"), [("char_lstm", 0.5), ("char_transformer", 0.5)])
def test_what_minutes_are_good_for(name, least):
    reached, _ = below_pairs(name, 12_000, epochs=8, decay=0.001)
    assert reached >= least


@pytest.mark.slow
@pytest.mark.parametrize("name", ["char_lstm", "char_transformer"])
def test_a_period_of_characters_is_foretold(name):
    """Texts that count 0 … 6 again and again: one character tells the next."""
    module = module_of(name)
    texts = (np.arange(64)[:, None] + np.arange(21)) % 7
    x, d = texts[:, :-1], texts[:, 1:]
    params, _ = module.train(x, d, verbose=False, epochs=20, rate=0.01)
    assert module.accuracy(params, x, d) > 0.95


def test_nothing_held_out_is_learnt():
    kept, held = corpus.split("".join(f"{number} " for number in range(4000)))
    assert not set(kept) & set(held)
    assert len(held) == math.ceil(len(kept + held) / corpus.HELD)
    blocks = ["a" * 9, "b" * 9, "c" * 9]
    x, d = corpus.windows(blocks, corpus.numbering(blocks, 8), 8, 4, 6)
    assert x.shape == d.shape == (6, 4)
    np.testing.assert_array_equal(x, d)


def test_the_next_character_is_wanted():
    text = "how characters follow each other"
    numbers = corpus.numbering([text], 64)
    x, d = corpus.windows([text], numbers, 64, 5)
    np.testing.assert_array_equal(x[0], [numbers[c] for c in text[:5]])
    np.testing.assert_array_equal(d[0], [numbers[c] for c in text[1:6]])


def test_entropies_are_those_of_texts_whose_entropies_are_known():
    four = np.array([[0, 1, 2, 3, 0, 1, 2, 3]])
    assert corpus.unigram(four, four) == pytest.approx(math.log(4))
    assert corpus.bigram(four, (four + 1) % 4) == pytest.approx(0, abs=1e-12)
    coin = np.array([[0, 0, 1, 1]]), np.array([[0, 1, 0, 1]])
    assert corpus.bigram(*coin) == pytest.approx(math.log(2))
