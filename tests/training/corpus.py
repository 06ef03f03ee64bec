"""The project's own documents as a text to learn: windows, what is held out, and its entropies."""

from collections import Counter
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[2]
BLOCK, HELD = 500, 10
"""Every tenth block of 500 characters is held out; no window reaches from one into another."""


def documents():
    """The Markdown of the project in one text, in an order that does not change."""
    paths = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


def split(text):
    """The blocks to learn from, and those held out."""
    blocks = [text[at : at + BLOCK] for at in range(0, len(text), BLOCK)]
    return [b for k, b in enumerate(blocks) if k % HELD], blocks[::HELD]


def numbering(blocks, tokens):
    """The number of each of the most frequent characters; the last number is for all others."""
    known = Counter("".join(blocks)).most_common(tokens - 1)
    return {character: number for number, (character, _) in enumerate(known)}


def windows(blocks, numbers, tokens, length, count=None):
    """Characters, and those that follow them: windows side by side, or ``count`` evenly spread."""
    coded = [np.array([numbers.get(c, tokens - 1) for c in b]) for b in blocks]
    steps = length if count is None else 1
    found = [b[at : at + length + 1] for b in coded for at in range(0, len(b) - length, steps)]
    chosen = np.array(found)
    if count is not None:
        chosen = chosen[np.linspace(0, len(chosen) - 1, count).astype(int)]
    return chosen[:, :-1], chosen[:, 1:]


def entropy(*letters):
    """In nats, that of the letters that stand in one place of arrays of one shape."""
    columns = np.stack([np.ravel(each) for each in letters], axis=1)
    _, counts = np.unique(columns, axis=0, return_counts=True)
    part = counts / counts.sum()
    return float(-(part * np.log(part)).sum())


def unigram(x, d):
    """What is left unknown of a character of ``d`` where it is known how frequent each is."""
    return entropy(d)


def bigram(x, d):
    """The same where the character before it is known, too, and what follows that how often."""
    return entropy(x, d) - entropy(x)
