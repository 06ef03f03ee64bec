"""Numbers that a page states, against the formula that it gives for them."""

from __future__ import annotations

from collections.abc import Iterator

from symbp.verification.finding import Finding, Said, Told
from symbp.verification.page import Page
from symbp.verification.sources.stated import Explanation, StatedLoss, explain, stated_losses
from symbp.verification.verdict import Verdict


def numbers(page: Page) -> Iterator[Finding]:
    """A finding for each loss that is stated as a number and defined in words."""
    for stated in stated_losses(page):
        explained = explain(stated)
        if explained.own:
            yield _finding(stated, explained)


def _finding(stated: StatedLoss, explained: Explanation) -> Finding:
    facts = {"stated": stated.loss, "own": explained.own, "fits": ", ".join(explained.fits)}
    if explained.agrees:
        return Finding(stated.at, stated.loss, Verdict.PROVED, Said("number.agrees", facts))
    told = Told("M26", Said("number", facts))
    message = Said("number.differs", facts)
    return Finding(stated.at, stated.loss, Verdict.REFUTED, message, mistakes=(told,))
