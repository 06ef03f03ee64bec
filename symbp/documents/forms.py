"""The formats of documents, by name: how their files end, and what opens a comment in them."""

from __future__ import annotations

SUFFIXES = {"text": ".txt", "latex": ".tex", "markdown": ".md"}
COMMENTS = {"text": "#", "latex": "%", "markdown": "<!--"}
