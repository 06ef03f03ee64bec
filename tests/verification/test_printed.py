"""What is printed verifies: every line of every derivation is proved."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from symbp import gallery, pipeline
from symbp.documents.formats import FORMATS
from symbp.documents.words import LANGUAGES
from symbp.notation.presets import PRESETS
from symbp.verification.finding import Finding
from symbp.verification.options import Options
from symbp.verification.verdict import Verdict
from symbp.verification.verify import verify_file
from tests.sampling import each

NETWORKS = tuple(gallery.names())

SAMPLE = (
    *((network, "jp-uz", "ja", "markdown") for network in NETWORKS),
    *(("xor", notation, "en", "text") for notation in PRESETS),
    *(("scalar", notation, "ja", "latex") for notation in PRESETS),
    ("mlp", "matrix-columns", "ja", "text"),
    ("mlp", "ng-theta", "en", "latex"),
    ("mnist", "dlai", "en", "markdown"),
    ("multinomial_wine", "scalar-f", "ja", "text"),
)
"""Every network, every notation, every language and every format, though not all together."""

ALONE = (
    *((network, "matrix-columns", "ja", "text") for network in NETWORKS),
    *(("scalar", notation, "en", "markdown") for notation in PRESETS),
    *(("xor", notation, "en", "latex") for notation in PRESETS),
    ("multinomial_wine", "scalar-f", "en", "latex"),
)
"""What is read without a word on which network it is about."""

EVERY = tuple(product(NETWORKS, PRESETS, LANGUAGES, FORMATS))

PROVED = (Verdict.PROVED,)
SAID = (Verdict.PROVED, Verdict.DEFINITION, Verdict.ASSIGNMENT)
"""Where no network is given, the forward pass of the page defines it, and nothing proves that."""


def unproved(
    network: str,
    notation: str,
    language: str,
    form: str,
    bound: str | None,
    *,
    is_given: bool = True,
) -> list[str]:
    """What is found of the lines that are not proved; asserts that no line is left out."""
    derived = pipeline.derive(network)
    text = derived.render(form, notation, language)
    name = f"{network}{FORMATS[form].suffix}"
    options = Options(network if is_given else None, bound, language=language)
    report = verify_file(name, text, options)
    assert len(report.findings) == len(list(derived.lesson.lines))
    return list(_told(report.findings, PROVED if is_given else SAID))


def _told(findings: tuple[Finding, ...], fine: tuple[Verdict, ...] = PROVED) -> Iterator[str]:
    for finding in findings:
        if finding.verdict not in fine:
            yield f"{finding.at.line}: {finding.verdict} {finding.message.key}: {finding.text}"


@pytest.mark.parametrize(("network", "notation", "language", "form"), each(2, SAMPLE))
def test_printed_lines_are_proved(network: str, notation: str, language: str, form: str) -> None:
    assert unproved(network, notation, language, form, notation) == []


@pytest.mark.parametrize(("network", "notation", "language", "form"), each(2, ALONE))
def test_printed_lines_are_proved_where_nobody_names_the_network(
    network: str, notation: str, language: str, form: str
) -> None:
    assert unproved(network, notation, language, form, None, is_given=False) == []


DECLARED = (
    ("huber", "elu", "leaky_relu", "rmsprop", 3, "clip = 1.0", "nielsen", "text"),
    ("categorical_cross_entropy", "softplus", "softmax", "adamw", 2, "", "dlai", "latex"),
    ("mean_squared_error", "silu", "tanh", "nesterov", 5, "", "ng-theta", "latex"),
    ("sparse_categorical_cross_entropy", "gelu", "softmax", "sgd", 5, "", "oreilly-jp", "text"),
)
"""Loss, activations, optimizer and depth of networks that do not ship; each loss is penalised."""


@pytest.mark.parametrize("declared", DECLARED, ids=lambda declared: declared[0])
def test_lines_of_any_declared_network_are_proved(
    declared: tuple[str, str, str, str, int, str, str, str], tmp_path: Path
) -> None:
    loss, hidden, output, optimizer, depth, more, notation, form = declared
    functions = [*(hidden for _ in range(depth - 1)), output]
    layers = (f'[[layers]]\nunits = 3\nactivation = "{name}"\n' for name in functions)
    path = tmp_path / "declared.toml"
    path.write_text(
        'name = "declared"\ninputs = 2\n'
        f'[loss]\nname = "{loss}"\nl2 = 0.1\n'
        f'{"".join(layers)}[optimizer]\nname = "{optimizer}"\nrate = 0.1\n{more}\n',
        encoding="utf-8",
    )
    derived = pipeline.derive(path)
    text = derived.render(form, notation)
    report = verify_file(f"declared{FORMATS[form].suffix}", text, Options(str(path), notation))
    assert len(report.findings) >= len(list(derived.lesson.lines))
    assert list(_told(report.findings)) == []


@pytest.mark.parametrize("notation", PRESETS)
def test_printed_lines_are_proved_where_nobody_names_the_notation(notation: str) -> None:
    assert unproved("table341", notation, "en", "markdown", None) == []
    assert unproved("table341", notation, "en", "markdown", None, is_given=False) == []


@pytest.mark.long
@pytest.mark.parametrize(("network", "notation", "language", "form"), EVERY)
def test_every_printed_line_is_proved(
    network: str, notation: str, language: str, form: str
) -> None:
    assert unproved(network, notation, language, form, notation) == []
    assert unproved(network, notation, language, form, None) == []
    for bound in (notation, None):
        assert unproved(network, notation, language, form, bound, is_given=False) == []
