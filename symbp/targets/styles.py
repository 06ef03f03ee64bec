"""How modules are written: to be read like the derivation, or to be fast."""

from __future__ import annotations

from collections.abc import Iterable

STYLES = ("fast", "plain")
"""Fast modules learn in arrays that are made once; plain ones make them as they go."""

STYLE = "fast"

SWITCHES = {
    "split": "a direction that is only looked at in windows side by side is two",
    "first": "where the largest entry stands is found by comparisons with it",
    "pooled": "the largest of rectified units is the largest of their inputs, rectified",
    "jointly": "the largest along several axes is found at once",
    "shifted": "the largest of shifted entries is the largest of them, shifted",
    "rectified": "where a rectified unit is above 0, its input is: that need not be kept",
    "picked": "what labels choose is taken from where it stands in memory",
    "logs": "a logarithm of 1 + exp(u) is in operations that NumPy is fast at",
    "biased": "a bias is one more row of the weights, beside a column of ones",
    "sums": "a sum over rows is a product with ones",
    "common": "what would be computed twice is computed once",
    "flat": "what only counts the same entries by other axes is another shape",
    "turned": "what is only read with its axes in another order is written so",
    "wide": "outputs that lie in planes come of one product with wider windows",
    "strides": "what is overlaid in steps is overlaid in planes without gaps",
    "gathered": "windows that are multiplied are copied once, for all products",
    "tall": "a sum over samples and positions has more rows than columns",
    "passing": "what is read only at its own time is not kept for all times",
    "again": "what two loops compute of the same time is kept for all times",
    "ahead": "what needs nothing of its loop is computed before it, for all times at once",
    "stacked": "products in a loop are fewer and larger, of matrices side by side",
    "together": "what a loop reads or writes side by side lies so in memory",
    "aligned": "what is read beside arrays of a loop is laid out in memory as these are",
    "scalars": "numbers beside arrays are arrays without axes",
    "lying": "arrays lie in memory as products read them",
    "innermost": "samples lie side by side, so that windows see runs of memory",
    "layers": "layers that are alike are told in a loop, and share what each needs for itself",
    "rooms": "results are written where nothing is read any more",
    "views": "a matrix with its columns as rows is looked at once, before all steps",
}
"""What is done to make a module fast, in this order: each can be left out."""


def check(style: str, without: Iterable[str]) -> None:
    """Raises ValueError for a word that is no style or no switch, TypeError for a lone word."""
    if style not in STYLES:
        raise ValueError(f"{style!r} is no style: there are {', '.join(STYLES)}")
    if isinstance(without, str):
        raise TypeError(f"passes that are left out are a tuple: ({without!r},)")
    for word in without:
        if word not in SWITCHES:
            raise ValueError(f"{word!r} is no pass: there are {', '.join(SWITCHES)}")
