"""What is printed about networks of layers verifies: every line of every layer is proved."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle, product

import pytest

from symbp import pipeline
from symbp.documents.formats import FORMATS
from symbp.documents.words import LANGUAGES
from symbp.network import Network
from symbp.notation.presets import PRESETS
from symbp.verification.finding import Finding
from symbp.verification.options import Options
from symbp.verification.verdict import Verdict
from symbp.verification.verify import verify_about
from tests.layers.networks import NETWORKS, network
from tests.sampling import sampled

GALLERY = ("autoencoder", "residual_mlp", "lenet", "char_lstm", "char_transformer")

FEW = (
    ("autoencoder", "jp-uz", "en", "markdown"),
    ("RNN", "nielsen", "ja", "text"),
    ("batch normalisation", "jp-uz", "en", "text"),
    ("convolution, dilated", "dlai", "ja", "latex"),
    ("words and numbers", "dlai", "en", "text"),
    ("triplets", "cs231n", "en", "markdown"),
    ("embedding", "ng-theta", "en", "text"),
)
FORMS = ("markdown", "text", "latex")
WAYS = cycle(zip(cycle(PRESETS), cycle(LANGUAGES), cycle(FORMS), strict=False))
SAMPLE = (
    *((name, *way) for name, way in zip((*GALLERY, *NETWORKS), WAYS, strict=False)),
    ("triplets", "matrix-rows", "en", "text"),
    ("words and numbers", "ng-theta", "ja", "text"),
    ("attention with a mask", "d2l", "en", "text"),
    ("GRU with a mask and a first state", "oreilly-jp", "en", "latex"),
)
QUICK = (*SAMPLE[len(GALLERY) : -4 : 2], *SAMPLE[-4:])
EVERY = tuple(product((*GALLERY, *NETWORKS), PRESETS, LANGUAGES, FORMATS))

FINE = (Verdict.PROVED, Verdict.PROBABLE, Verdict.DEFINITION)


def declared(name: str) -> Network:
    return network(name) if name in NETWORKS else pipeline.declare(name)


def unproved(name: str, notation: str, language: str, form: str, bound: str | None) -> list[str]:
    """What is found of the lines that are not proved; asserts that no line is left out."""
    derived = pipeline.derive(declared(name))
    text = derived.render(form, notation, language)
    options = Options(None, bound, language=language)
    report = verify_about(f"page{FORMATS[form].suffix}", text, derived.network, options)
    assert len(report.findings) >= len(list(derived.lesson.lines))  # words hold claims at times
    return list(_told(report.findings))


def _told(findings: tuple[Finding, ...]) -> Iterator[str]:
    for finding in findings:
        if finding.verdict not in FINE:
            yield f"{finding.at.line}: {finding.verdict} {finding.message.key}: {finding.text}"


@pytest.mark.parametrize(("name", "notation", "language", "form"), FEW)
def test_lines_of_layers_are_proved(name: str, notation: str, language: str, form: str) -> None:
    assert unproved(name, notation, language, form, notation) == []


NET = "A⁽²⁾ = Right W⁽²⁾ + 𝟏 (b⁽²⁾)ᵀ"
SLOPE = "∂L/∂W⁽²⁾ = Rightᵀ Δ⁽²⁾"
SLIPS = (
    (NET, "A⁽²⁾ = 2 Right W⁽²⁾ + 𝟏 (b⁽²⁾)ᵀ"),
    (NET, "A⁽²⁾ = Left W⁽²⁾ + 𝟏 (b⁽²⁾)ᵀ"),
    (SLOPE, "∂L/∂W⁽²⁾ = 3 Rightᵀ Δ⁽²⁾"),
)


@pytest.mark.parametrize(("right", "wrong"), SLIPS)
def test_what_is_called_by_a_word_is_read_in_matrices(right: str, wrong: str) -> None:
    made = network("squared triplets of branches of their own")
    text = pipeline.derive(made).render("text", "oreilly-jp", "en")
    assert text.count(right) == 1
    options = Options(None, "oreilly-jp")
    for page, is_right in ((text, True), (text.replace(right, wrong), False)):
        findings = verify_about("page.txt", page, made, options).findings
        refuted = [finding for finding in findings if finding.verdict is Verdict.REFUTED]
        assert [f.text for f in refuted] == ([] if is_right else [wrong])


MASKED = ("attention with a mask", "d2l", "page.txt")
FIRST = ("GRU with a mask and a first state", "oreilly-jp", "page.tex")
SEEN = (
    "m⁽¹⁾_{thsf} = {{S⁽¹⁾_{thsf} if f ≤ s; −10³⁰ if f > s} if seen_{ft} > 0; "
    "−10³⁰ if seen_{ft} ≤ 0}"
)
SEEN_SLOPE = "∂m⁽¹⁾_{thsf}/∂S⁽¹⁾_{thsf} = {𝟙[f ≤ s] if seen_{ft} > 0; 0 if seen_{ft} ≤ 0}"
ERROR = r"\bar{Z}^{(3)} = \frac{1}{N} (Y - T)"
SINGLE = (
    (MASKED, SEEN, SEEN.replace("if f ≤ s", "if f ≥ s").replace("f > s", "f < s")),
    (MASKED, SEEN, SEEN.replace("{{S", "{{2 S")),
    (MASKED, SEEN_SLOPE, SEEN_SLOPE.replace("; 0 if", "; 1 if")),
    (FIRST, ERROR, ERROR.replace("Y - T", "Y + T")),
    (FIRST, ERROR, ERROR.replace("Y - T", "Y - 2 T")),
    (FIRST, ERROR, ERROR.replace("Y - T", "T - Y")),
    (FIRST, ERROR, ERROR.replace("{N}", "{T}")),
)


@pytest.mark.parametrize(("about", "right", "wrong"), SINGLE)
def test_single_lines_are_told_from_wrong_ones(
    about: tuple[str, str, str], right: str, wrong: str
) -> None:
    name, notation, file = about
    for line, verdict in ((right, Verdict.PROVED), (wrong, Verdict.REFUTED)):
        text = f"$$ {line} $$" if file.endswith(".tex") else line
        findings = verify_about(file, text, network(name), Options(None, notation)).findings
        assert [(f.text, f.verdict) for f in findings] == [(line, verdict)]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "notation", "language", "form"), sampled(SAMPLE, QUICK))
def test_lines_of_every_layer_are_proved(
    name: str, notation: str, language: str, form: str
) -> None:
    assert unproved(name, notation, language, form, None) == []


@pytest.mark.long
@pytest.mark.parametrize(("name", "notation", "language", "form"), EVERY)
def test_every_printed_line_of_layers_is_proved(
    name: str, notation: str, language: str, form: str
) -> None:
    assert unproved(name, notation, language, form, notation) == []
