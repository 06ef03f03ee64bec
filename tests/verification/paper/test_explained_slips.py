"""Which mistake is told of a slip on a page."""

# ruff: noqa: E501 -- pages are typed as people type them

import pytest

from symbp.verification.options import Options
from symbp.verification.verify import verify_file

NUMBERS = r"""Every layer is a single number. $z_1=w_1x+b_1$, $a_1=\sigma(z_1)$, $z_2=w_2a_1+b_2$, $a_2=\sigma(z_2)$
with the sigmoid $\sigma$, and $L=\frac12(a_2-t)^2$."""

SOFTMAX = r"""The output is a softmax, the loss is $E=-\sum_k d_k\log y_k$ with $\sum_k d_k=1$.
$u^l_j=\sum_i w^l_{ij}z^{l-1}_i+b^l_j$, $z^l_j=\sigma(u^l_j)$ with the sigmoid $\sigma$ for $l<L$, $y=\mathrm{softmax}(u^L)$."""

RELU = r"""Hidden units are ReLU, $z^l_j=\max(0,u^l_j)$; the output is linear. $E=\frac12\sum_k(y_k-d_k)^2$, $y_k=u^L_k$.
$u^l_j=\sum_i w^l_{ij}z^{l-1}_i+b^l_j$, $\delta^l_j=\frac{\partial E}{\partial u^l_j}$."""

ENTROPY = r"""All units are sigmoid. $E=-\sum_k(d_k\log y_k+(1-d_k)\log(1-y_k))$, where $y_k=\sigma(u^L_k)$.
$u^l_j=\sum_i w^l_{ij}z^{l-1}_i+b^l_j$, $z^l_j=\sigma(u^l_j)$."""

OPEN = r"""Every layer uses the activation function $f$. $E=\frac12\sum_k(z^L_k-d_k)^2$.
$u^l_j=\sum_i w^l_{ij}z^{l-1}_i+b^l_j$, $z^l_j=f(u^l_j)$, $\delta^l_j=\frac{\partial E}{\partial u^l_j}$."""

HIDDEN = r"\delta^l_j=f'(%s^l_j)\sum_k\delta^{l+1}_kw^{l+1}_{jk}"

OUTPUT = r"""

For the output layer $\delta^L_j=\frac{\partial E}{\partial z^L_j}f'(u^L_j)$, so"""

SLIPS = [
    (OPEN, HIDDEN % "z", {"M03"}),
    (NUMBERS, r"\frac{\partial L}{\partial z_2}=(a_2-t)a_2(1-a_1)", {"M10"}),
    (NUMBERS, r"\frac{\partial L}{\partial w_1}=(a_2-t)a_2(1-a_2)w_1a_1(1-a_1)x", {"M10"}),
    (NUMBERS, r"\frac{\partial L}{\partial a_2}=-\frac{t}{a_2}", {"M08"}),
    (SOFTMAX, r"\frac{\partial y_k}{\partial u^L_j}=y_k\mathbb{1}(k=j)(1-y_j)", {"M18"}),
    (SOFTMAX, r"\frac{\partial y_k}{\partial u^L_j}=y_k\mathbb{1}(k=j)", {"M18"}),
    (
        SOFTMAX,
        r"\frac{\partial E}{\partial u^L_j}=\frac{\partial y_k}{\partial u^L_j}\sum_k\frac{\partial E}{\partial y_k}",
        {"M15"},
    ),
    (
        SOFTMAX,
        r"\frac{\partial E}{\partial z^{L-1}_j}=\sum_k w^L_{jk}(y_k-d_k)y_k(1-y_k)",
        {"M08"},
    ),
    (
        SOFTMAX + "\n\nWith $[k=j]$, which is 1 when $k=j$ and 0 otherwise,",
        r"\frac{\partial y_k}{\partial u^L_j}=y_j([k=j]-y_j)",
        {"M09"},
    ),
    (OPEN + OUTPUT, r"\delta^L_j=(z^L_j-d_j)f'(z^L_j)", {"M03"}),
    (OPEN + OUTPUT, r"\delta^L_j=z^L_j-d_j", {"M01"}),
    (RELU, r"\frac{\partial z^l_j}{\partial u^l_j}=\mathbb{1}(\delta^l_j>0)", {"M22"}),
    (
        ENTROPY,
        r"\frac{\partial E}{\partial y_k}=\frac{y_k-d_k}{y_k(1-y_k)y_k(1-y_k)}",
        {"M03"},
    ),
    (ENTROPY, r"\frac{\partial E}{\partial y_k}=\frac{y_k-d_k}{u^L_k(1-u^L_k)}", {"M04"}),
    (
        ENTROPY,
        r"\frac{\partial u^{l+1}_k}{\partial u^l_j}=w^{l+1}_{jk}u^l_j(1-u^l_j)",
        {"M04"},
    ),
    (ENTROPY, r"\frac{\partial y_k}{\partial u^l_k}=y_k(1-y_k)", {"M29"}),
]

RIGHT = [
    (NUMBERS, r"\frac{\partial L}{\partial z_2}=(a_2-t)a_2(1-a_2)"),
    (SOFTMAX, r"\frac{\partial y_k}{\partial u^L_j}=y_k(\mathbb{1}(k=j)-y_j)"),
    (ENTROPY, r"\frac{\partial u^{l+1}_k}{\partial u^l_j}=w^{l+1}_{jk}z^l_j(1-z^l_j)"),
    (ENTROPY, r"\frac{\partial y_k}{\partial u^L_k}=y_k(1-y_k)"),
]


def last_line(page, line):
    return verify_file("page.md", f"{page}\n\n${line}$\n", Options()).findings[-1]


@pytest.mark.parametrize(("page", "line", "codes"), SLIPS)
def test_a_slip_is_told_by_its_code(page, line, codes):
    found = last_line(page, line)
    assert found.verdict.value in {"refuted", "conditional"}
    assert codes <= {told.code for told in found.mistakes}


def test_what_is_spelled_alike_is_no_mistake():
    """j numbers the units of the last layer and of any: no j can be put for j."""
    page = SOFTMAX.replace("^L_j", "^l_j") + "\n\n"
    page += r"$\delta^l_j=\sum_k\frac{\partial E}{\partial y_k}\frac{\partial y_k}{\partial u^L_j}$"
    found = last_line(page, r"=-\sum_k d_k(\mathbb{1}(k=j)-y_j)")
    alike = [
        t for t in found.mistakes if len({t.say.facts.get(k) for k in ("wrong", "right")}) == 1
    ]
    assert [told for told in alike if "wrong" in told.say.facts] == []


@pytest.mark.parametrize(("page", "line"), RIGHT)
def test_nothing_is_told_of_the_right_line(page, line):
    found = last_line(page, line)
    assert found.verdict.value in {"proved", "proved_probabilistically"}
    assert found.mistakes == ()
