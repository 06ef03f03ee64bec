"""One slip is reported once: lines that follow from it are marked so."""

# ruff: noqa: E501 -- pages are typed as people type them

import pytest

from symbp.verification.options import Options
from symbp.verification.verify import verify_file

NUMBERED = r"""The loss is $E=\sum_k(y_k-d_k)^2$.

$u^1_j=\sum_i w^1_{ij}x_i+b^1_j$, $z^1_j=\tanh(u^1_j)$, $u^2_k=\sum_j w^2_{jk}z^1_j+b^2_k$, $y_k=u^2_k$

"""

GENERAL = r"""The loss is $E=\frac12\sum_k(z^L_k-d_k)^2+\frac{\lambda}{2}\sum_l\sum_{i,j}(w^l_{ij})^2$. Sigmoid units everywhere.

$u^l_j=\sum_i w^l_{ij}z^{l-1}_i+b^l_j$, $z^l_j=\sigma(u^l_j)$

"""

BATCH = r"""$m$ examples in columns. The hidden layer uses $\tanh$, the output layer the sigmoid function $\sigma$.

$$J = -\frac{1}{m}\sum_{i=1}^{m}\sum_k\left(y^{(i)}_k\log a^{[2](i)}_k+(1-y^{(i)}_k)\log(1-a^{[2](i)}_k)\right)$$

$Z^{[1]} = W^{[1]} X + b^{[1]}$, $A^{[1]} = \tanh(Z^{[1]})$, $Z^{[2]} = W^{[2]} A^{[1]} + b^{[2]}$, $A^{[2]} = \sigma(Z^{[2]})$

"""

PAGES = {
    "a factor, in a network of two layers": (
        NUMBERED,
        r"\frac{\partial E}{\partial u^2_k}=y_k-d_k",
        (
            r"\frac{\partial E}{\partial w^2_{jk}}=(y_k-d_k)z^1_j",
            r"\frac{\partial E}{\partial z^1_j}=\sum_k(y_k-d_k)w^2_{jk}",
            r"\frac{\partial E}{\partial b^1_j}=(1-(z^1_j)^2)\sum_k w^2_{jk}(y_k-d_k)",
        ),
    ),
    "at the output, beside a penalty": (
        GENERAL,
        r"\frac{\partial E}{\partial u^L_j}=z^L_j-d_j",
        (
            r"\frac{\partial E}{\partial w^L_{ij}}=(z^L_j-d_j)z^{L-1}_i+\lambda w^L_{ij}",
            r"\frac{\partial E}{\partial b^L_j}=z^L_j-d_j",
        ),
    ),
    "at any layer": (
        GENERAL,
        r"\frac{\partial E}{\partial u^l_j}=\sum_k\frac{\partial E}{\partial u^{l+1}_k}w^{l+1}_{jk}",
        (
            r"\frac{\partial E}{\partial b^l_j}=\sum_k\frac{\partial E}{\partial u^{l+1}_k}w^{l+1}_{jk}",
            r"\frac{\partial E}{\partial b^{L-1}_j}=\sum_k\frac{\partial E}{\partial u^L_k}w^L_{jk}",
        ),
    ),
    "a slope in the middle": (
        NUMBERED,
        r"\frac{\partial z^1_j}{\partial u^1_j}=z^1_j(1-z^1_j)",
        (
            r"\frac{\partial E}{\partial b^1_j}=2z^1_j(1-z^1_j)\sum_k w^2_{jk}(y_k-d_k)",
            r"\frac{\partial E}{\partial w^1_{ij}}=2x_iz^1_j(1-z^1_j)\sum_k w^2_{jk}(y_k-d_k)",
        ),
    ),
    "where δ leaves out that the loss is a mean": (
        BATCH,
        r"dZ^{[2]} = Y - A^{[2]}",
        (
            r"dW^{[2]} = \frac{1}{m} (Y - A^{[2]}) A^{[1]T}",
            r"dZ^{[1]} = W^{[2]T} (Y - A^{[2]}) \odot (1 - A^{[1]} \odot A^{[1]})",
        ),
    ),
}


@pytest.mark.parametrize("name", PAGES)
def test_what_follows_from_a_slip(name):
    head, slip, following = PAGES[name]
    lines = [slip, *following]
    page = head + "\n\n".join(f"${line}$" for line in lines)
    found = verify_file("page.md", page, Options()).findings[-len(lines) :]
    assert [finding.text for finding in found] == lines
    first, *others = found
    assert first.verdict.value == "refuted"
    assert [f.verdict.value for f in others] == ["conditional"] * len(others)
    assert {f.follows_from for f in others} == {first.at.line}
    assert {f.message.facts["line"] for f in others} == {str(first.at.line)}


def test_an_unusual_loss_with_a_penalty():
    """What is right for it is right, without its one half as well."""
    head = GENERAL.replace(r"\frac12\sum", r"\sum")
    lines = [
        r"\frac{\partial E}{\partial z^L_j}=2(z^L_j-d_j)",
        r"\frac{\partial E}{\partial z^L_j}=z^L_j-d_j",
    ]
    for line, verdict in zip(lines, ("proved", "refuted"), strict=True):
        found = verify_file("page.md", f"{head}${line}$\n", Options()).findings[-1]
        assert found.verdict.value.startswith(verdict)


OPEN = r"""The loss is $E=\sum_k(z^L_k-d_k)^2$.

$u^l_j=\sum_i w^l_{ij}z^{l-1}_i+b^l_j$, $z^l_j=f(u^l_j)$

"""


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        (r"\frac{\partial E}{\partial z^L_j}=2(z^L_j-d_j)", "proved"),
        (r"\frac{\partial E}{\partial z^L_j}=z^L_j-d_j", "refuted"),
        (r"\frac{\partial E}{\partial u^L_j}=2(z^L_j-d_j)f'(u^L_j)", "proved"),
        (r"\frac{\partial E}{\partial u^L_j}=(z^L_j-d_j)f'(u^L_j)", "refuted"),
        (r"\frac{\partial E}{\partial u^L_j}=2(z^L_j-d_j)", "conditional"),
    ],
)
def test_what_is_wrong_for_any_activation(line, verdict):
    found = verify_file("page.md", f"{OPEN}${line}$\n", Options()).findings[-1]
    assert found.verdict.value.startswith(verdict)


def test_another_slip_is_no_consequence():
    head, slip, (line, *_) = PAGES["a factor, in a network of two layers"]
    page = f"{head}${slip}$\n\n${line.replace('=', '=-')}$"
    assert [f.verdict.value for f in verify_file("page.md", page, Options()).findings[-2:]] == [
        "refuted",
        "refuted",
    ]
