"""The losses that a page speaks of, though it need not say that it uses them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from symbp.verification.page import Page
from symbp.verification.sources.remarks import LOSSES, named
from symbp.verification.sources.sentences import sentences
from symbp.verification.statement import Remark

DEFINED = re.compile(
    r"定義|次のよう|以下のよう|で表|[::]\s*$|[==]|\bdefined\b|\bgiven by\b|\bas follows\b",
    re.IGNORECASE,
)
"""Words by which a text teaches a loss, where others only name it."""


def mentions(page: Page) -> Iterator[Remark]:
    """A remark for each loss and sentence; ``defined`` is "yes" where the text defines the loss."""
    for sentence in sentences(page):
        for line in sentence.text.split("\n"):
            found = named(line, LOSSES)
            is_defined = len(found) == 1 and DEFINED.search(line)
            for name in found:
                facts = {"name": name, "defined": "yes" if is_defined else ""}
                yield Remark("mentions", sentence.at, facts)
