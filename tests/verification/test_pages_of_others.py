"""Right pages in styles of all kinds: nothing is refuted, every line is understood."""

from collections import Counter
from pathlib import Path

import pytest

from symbp.verification.options import Options
from symbp.verification.verify import verify_file

PAGES = Path(__file__).parent / "pages"

SURE = ("proved", "proved_probabilistically", "definition", "assignment")

CONDITIONAL = {
    "io.md": 1,  # for a hidden layer, as the page does not say
    "net_out.md": 1,
    "patterns.md": 1,  # a step after each sample
    "rows_below.md": 1,
    "shared_letter_sigma.md": 1,  # the function σ is nowhere named
    "theta_unit.md": 1,
    "yl_theta.md": 1,
}
"""Lines of a page that hold under a condition that it does not state."""

CONFIRMED = {"logistic_reg.tex": 1}
"""Lines that are compared in real numbers only."""


@pytest.mark.parametrize("name", sorted(path.name for path in PAGES.iterdir()))
def test_a_right_page(name):
    findings = verify_file(name, (PAGES / name).read_text("utf-8"), Options()).findings
    found = Counter(finding.verdict.value for finding in findings)
    others = {verdict: n for verdict, n in found.items() if verdict not in SURE}
    expected = {"conditional": CONDITIONAL.get(name, 0), "confirmed": CONFIRMED.get(name, 0)}
    assert others == {verdict: n for verdict, n in expected.items() if n}
    assert found["proved"] + found["proved_probabilistically"] >= len(findings) // 4


OPEN = {
    "the loss of the right class": r"""Let $s = W x$, $p = \mathrm{softmax}(s)$, $L = -\log p_c$
where $c$ is the correct class.

$\frac{\partial L}{\partial s_k} = p_k - \mathbb{1}(k = c)$

$\frac{\partial L}{\partial W_{kj}} = (p_k - \mathbb{1}(k=c)) x_j$
""",
    "weights in several letters": r"""The units are sigmoid. $E = \frac12\sum_k(y_k-t_k)^2$.

$\frac{\partial E}{\partial v_{ij}} = x_i h_j(1-h_j)\sum_k w_{jk}(y_k-t_k)y_k(1-y_k)$
""",
    "one letter in all layers": r"""$z_j = \sum_i w_{ij} y_i$, $y_j = \frac{1}{1+e^{-z_j}}$,
$E = \frac{1}{2}\sum_{j\in output}(t_j - y_j)^2$
""",
    "x for the sum of a unit": r"""$x_j = \sum_i y_i w_{ji}$, $y_j = \frac{1}{1 + e^{-x_j}}$
""",
    "the argument of a softmax, line by line": r"""Let $s_i = \frac{e^{z_i}}{\sum_k e^{z_k}}$ and
$L = -\sum_i y_i\log s_i$ where $\sum_i y_i = 1$.

\begin{align}
\frac{\partial L}{\partial z_j} &= -\sum_i y_i\frac{1}{s_i}\frac{\partial s_i}{\partial z_j}\\
&= -\sum_i y_i(\delta_{ij} - s_j)\\
&= -y_j + s_j\sum_i y_i\\
&= s_j - y_j
\end{align}
""",
    "derivatives as rows, in words": r"""Derivatives with respect to a vector are row vectors.

$\hat y = Ua$, $E = \frac12\|\hat y - y\|^2$

$\frac{\partial E}{\partial\hat y} = (\hat y - y)^T$
""",
    "δ as a row, in words": r"""$z_l = W_la_{l-1}$, $a_l = f(z_l)$, $C = \frac12\|a_L - y\|^2$.
Let $\delta_l = \frac{\partial C}{\partial z_l}$ be a row vector.

$\frac{\partial C}{\partial W_l} = \delta_l^Ta_{l-1}^T$
""",
    "δ as a row, as it stands": r"""$z = Wx + b$, $h = f(z)$, $E = \frac12\|h - t\|^2$

$\delta = (h - t)^T\mathrm{diag}(f'(z))$

$\frac{\partial E}{\partial W} = \delta^Tx^T$
""",
    "δ that is not understood": r"""$z = Wx + b$, $h = f(z)$, $s = u^Th$

$\delta = u^T\circ f'(z)^T$

$\frac{\partial s}{\partial W} = \delta^Tx^T$
""",
    "the loss as a function of weights": r"""$o = \sum_{i=0}^n w_i x_i$ with $x_0 = 1$, and over $D$

$E(\vec w) = \frac12\sum_{d\in D}(t_d - o_d)^2$

$\Delta w_i = \eta\sum_{d\in D}(t_d - o_d)x_{id}$
""",
}
"""Right pages that say too little, or not in words that are understood."""


@pytest.mark.parametrize("name", OPEN)
def test_what_is_not_settled_refutes_nothing(name):
    findings = verify_file("page.md", OPEN[name], Options()).findings
    assert findings
    assert [f.text for f in findings if f.verdict.value == "refuted"] == []


SLIPS = [
    ("own_two_letters.md", r"(y_k - t_k) y_k (1 - y_k)", r"(y_k - t_k) y_k", {"M01"}),
    ("primes.md", r"\sum_k w'_{jk} \delta_k", r"\sum_k w'_{kj} \delta_k", {"M11", "M09"}),
    ("letters_each_layer.md", r"= \delta_j x_i", r"= \delta_j h_j", None),
    ("plain_chain.txt", "w2 a1 (1 - a1) x", "w2 x", {"M02"}),
    ("bishop.tex", r"\delta_k &= y_k - t_k", r"\delta_k &= t_k - y_k", {"M05"}),
    ("split_gather.tex", r"v_{jk}(1-h_j^2)x_i", r"v_{jk}(1-h_j)x_i", None),
    ("scalar_out.md", r"(\hat y - y)v_j a_j(1-a_j)$$", r"(\hat y - y)v_j$$", {"M02"}),
    (
        "softmax_letters.md",
        r"a_j} = h_j (1 - h_j) \sum_k (p_k - t_k) w_{kj}",
        r"a_j} = h_j (1 - h_j) \sum_k (p_k - t_k) w_{jk}",
        {"M11"},
    ),
    ("softmax_index.md", r"-y_k y_j", r"y_k y_j", {"M05"}),
]
"""Page, what it says, a slip in its place, codes of which one is told; None for any."""


@pytest.mark.parametrize(("name", "right", "wrong", "codes"), SLIPS)
def test_a_slip_in_a_page(name, right, wrong, codes):
    text = (PAGES / name).read_text("utf-8")
    assert right in text
    findings = verify_file(name, text.replace(right, wrong, 1), Options()).findings
    refuted = [finding for finding in findings if finding.verdict.value == "refuted"]
    assert refuted
    told = {each.code for each in refuted[0].mistakes}
    assert codes is None or told & codes
