"""Names that a page introduces itself, chains of numbers, layers that stop being active."""

import pytest

from symbp.verification.options import Options
from symbp.verification.verify import verify_file

HEAD = r"""The output is linear, the loss is $E=\frac12\sum_k(y_k-d_k)^2$.

$u^l_j=\sum_i w^l_{ij}z^{l-1}_i+b^l_j$, $z^l_j=f(u^l_j)$

Let $e_j := y_j-d_j$ and $g^l_j = f'(u^l_j)$ for the hidden layers.

"""

CHAIN = r"""One neuron in each layer: the first uses $\tanh$, the last uses the sigmoid function.
The loss is $L = -(t \log y + (1 - t) \log(1 - y))$.

$z_1 = w_1 x + b_1$, $a_1 = \tanh(z_1)$, $z_2 = w_2 a_1 + b_2$, $y = \sigma(z_2)$

"""

RELU = r"""中間層は ReLU、出力層は恒等関数とする。損失は $E=\frac12\sum_k(y_k-d_k)^2$ である。

$u^1_i=\sum_h w^1_{hi}x_h+b^1_i$, $z^1_i=\max(0,u^1_i)$

$u^2_j=\sum_i w^2_{ij}z^1_i+b^2_j$, $z^2_j=\max(0,u^2_j)$

$u^3_k=\sum_j w^3_{jk}z^2_j+b^3_k$, $y_k=u^3_k$

"""

LINES = [
    (HEAD, r"\frac{\partial E}{\partial w^L_{ij}}=z^{L-1}_i e_j", "proved"),
    (HEAD, r"\frac{\partial E}{\partial w^L_{ij}}=2z^{L-1}_i e_j", "refuted"),
    (HEAD, r"\frac{\partial E}{\partial u^l_j}=g^l_j\frac{\partial E}{\partial z^l_j}", "proved"),
    (HEAD, r"q_j=e_k", "not_understood"),
    (CHAIN, r"\frac{\partial L}{\partial z_1}=(y-t)w_2(1-a_1^2)", "proved"),
    (CHAIN, r"\frac{\partial L}{\partial z_1}=(y-t)w_2(1-a_1)^2", "refuted"),
    (RELU, r"\frac{\partial y_k}{\partial u^3_j}=\delta_{kj}", "proved"),
    (RELU, r"\frac{\partial y_k}{\partial u^3_j}=\mathbb{1}(k=j)", "proved"),
    (
        RELU,
        r"\frac{\partial E}{\partial w^2_{ij}}=3\frac{\partial E}{\partial u^2_j}z^1_i",
        "refuted",
    ),
]


@pytest.mark.parametrize(("head", "line", "verdict"), LINES)
def test_a_line_below_what_a_page_says(head, line, verdict):
    found = verify_file("page.md", f"{head}${line}$\n", Options()).findings
    assert found[-1].verdict.value.startswith(verdict)
    assert all(f.verdict.value == "definition" for f in found[:-1])
