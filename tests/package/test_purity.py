"""No backward rule is written by hand: what declares, and what lays out, mentions no derivative."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

DERIVATIVE = re.compile(
    r"""(?ix) \b (?: derivatives? | differentia\w* | f?diff | gradients? | grads? | jacobian\w*
                   | adjoint\w* | back(?:ward|prop)\w* | delta | slope_of | tangent ) (?: \b | _ )
           | (?-i: \bPartial\b ) | _eval_derivative | [∂δ∇] | \\partial | \\delta"""
)
"""What a forward equation has no word for. (A KroneckerDelta says that two indices are equal.)"""

BACKWARD_FORMULAS = (
    r"\b(delta\w*|d[A-Z]\w*|grad_\w+)\s*=[^=]",  # a delta or a gradient is computed
    r"\S\s@\s|\beinsum\b|\.(dot|matmul|tensordot|outer)\(",  # a product over an index
    r"\*\s*\(\s*1(\.0?)?\s*-",  # y (1 - y)
    r"\b1(\.0?)?\s*-\s*\w+(\[[^]]*\])?\s*\*",  # 1 - y y, 1 - y**2
    r"\b(y|z\w*|out\w*|pred\w*)\s*-\s*(d|t|target\w*)\b",  # y - d
    r"\.(sign|heaviside)\(|\b[uz]\w*\s*>\s*0",  # where a kink bends
    r"[∂∇]|\\partial|\\nabla",
)
BACKWARD_FORMULA = re.compile("|".join(BACKWARD_FORMULAS))
"""What the text of a template, between what is filled in, never computes. Its run time may pass
gradients on, take their norm, and compare them with difference quotients."""

FILLED_IN = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)


def found(pattern: re.Pattern[str], folder: str, *suffixes: str) -> Iterator[object]:
    for path in sorted((ROOT / folder).rglob("*")):
        wanted = path.suffix in suffixes if suffixes else path.suffix != ".pyc"
        if path.is_file() and wanted:
            yield pytest.param(pattern, path, id=str(path.relative_to(ROOT)))


SOURCES = [
    *found(DERIVATIVE, "symbp/layers", ".py"),
    *found(DERIVATIVE, "symbp/losses", ".py"),
    *found(DERIVATIVE, "symbp/activations", ".py"),
    *found(BACKWARD_FORMULA, "templates"),
]


def lines(pattern: re.Pattern[str], text: str) -> list[str]:
    """The lines with a match outside of what is filled in, numbered as in the file."""
    bare = FILLED_IN.sub(lambda match: "\n" * match[0].count("\n"), text)
    return [
        f"{number}: {line.strip()}"
        for number, line in enumerate(bare.splitlines(), 1)
        if pattern.search(line)
    ]


@pytest.mark.parametrize(("pattern", "path"), SOURCES)
def test_no_backward_rule_is_written_by_hand(pattern, path):
    assert lines(pattern, path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "line",
    [
        "def gradient(self, z): ...",
        "# the derivative of the loss",
        "return u.diff(x)",
        "Partial(E, u[n, j])",
        "def backward(self):",
        "    def _eval_derivative(self, s):",
        "delta = z - d",
        "grad_w = 1",
        '"""δ = y - d"""',
    ],
)
def test_a_declaration_with_a_derivative_is_caught(line):
    assert lines(DERIVATIVE, line)


@pytest.mark.parametrize(
    "line",
    [
        "from functools import partial",
        "KroneckerDelta(j, t[n])",
        "different sizes differ, and so does the difference",
        "the upgraded gradation, undiffused",
        "Piecewise((1, u > 0), (0, True))",
    ],
)
def test_a_declaration_without_one_passes(line):
    assert not lines(DERIVATIVE, line)


@pytest.mark.parametrize(
    "line",
    [
        "    delta2 = y - d",
        "    dW1 = x.T @ delta1",
        "    grad_w = np.einsum('ni,nj->ij', z, delta)",
        "    g = s * (1 - s)",
        "    g = 1 - t ** 2",
        "    g = 1.0 - t * t",
        "    back = (u > 0) * back",
        "    error = y - d",
        "    out = np.dot(a, b)",
        "    # ∂E/∂w",
    ],
)
def test_a_template_that_computes_a_derivative_is_caught(line):
    assert lines(BACKWARD_FORMULA, line)


@pytest.mark.parametrize(
    "line",
    [
        "    {{ statement.target }} = {{ statement.value }}  # {{ '∂E/∂w' }}",
        "    value, grads = loss_and_grads(params, x, d)",
        "    norms = {name: float(np.sqrt(np.sum(g * g))) for name, g in grads.items()}",
        "    quotient = (loss(plus, x, d) - loss(minus, x, d)) / (2 * step)",
        "@dataclass",
        "    for name, gradient in grads.items():",
        "    gap = abs(quotient - grads[name][at]) / max(1.0, abs(quotient))",
        "    if epoch > 0 and best is not None:",
        "{% for a, b in pairs %}{{ a ~ ' @ ' ~ b }}{% endfor %}",
        r"\section{ {{- title | latex_text -}} }",
    ],
)
def test_a_template_that_passes_gradients_on_passes(line):
    assert not lines(BACKWARD_FORMULA, line)
