"""Pages about layers of all kinds, standing alone: their equations say what is computed."""

from collections import Counter
from pathlib import Path

import pytest

from symbp.verification.options import Options
from symbp.verification.verify import verify_file

PAGES = Path(__file__).parent / "layer_pages"

SURE = ("proved", "proved_probabilistically", "definition")


def findings(text):
    return verify_file("page.md", text, Options()).findings


@pytest.mark.parametrize("name", sorted(path.name for path in PAGES.iterdir()))
def test_a_right_page(name):
    found = Counter(each.verdict.value for each in findings((PAGES / name).read_text("utf-8")))
    others = {verdict: n for verdict, n in found.items() if verdict not in SURE}
    assert others == {}
    assert found["proved"] + found["proved_probabilistically"] >= 2


THROUGH_VARIANCE = r" + \frac{2 (x_{ij} - \mu_j)}{m} \frac{\partial L}{\partial \sigma_j^2}"
THROUGH_MEAN = r" + \frac{1}{m} \frac{\partial L}{\partial \mu_j}"
LAST_TERM = (
    r" - \hat{x}_{nk} \frac{1}{K} \sum_j \frac{\partial L}{\partial \hat{x}_{nj}} \hat{x}_{nj}"
)
OF_SOFTMAX = (
    r"\left( \frac{\partial L}{\partial P_{ij}}"
    r" - \sum_k P_{ik} \frac{\partial L}{\partial P_{ik}} \right)"
)
TURNED = r"\sum_i \frac{\partial L}{\partial S_{ji}}"

SLIPS = [
    (
        "dropout_relu.md",
        r"\partial h_{nj}} = \frac{m_{nj}}{q} \frac{\partial E}",
        r"\partial h_{nj}} = \frac{\partial E}",
        "M25",
    ),
    (
        "batch_norm.md",
        THROUGH_VARIANCE + THROUGH_MEAN,
        "",
        "M24",
    ),
    ("batch_norm.md", THROUGH_MEAN, "", "M24"),
    (
        "batch_norm.md",
        r" - \hat{x}_{ij} \sum_k \frac{\partial L}{\partial y_{kj}} \hat{x}_{kj} \right)",
        r"\right)",
        "M24",
    ),
    ("batch_norm.md", r"\beta_j} = \sum_i", r"\beta_j} = \frac{1}{m} \sum_i", "M07"),
    ("batch_norm.md", r"-\frac{1}{2} \sum_i", r"\frac{1}{2} \sum_i", "M05"),
    ("batch_norm.md", r"\epsilon)^{-3/2}", r"\epsilon)^{-1/2}", None),
    (
        "batch_norm_named.md",
        r" + \frac{2}{N} \bar{v} (x_i - \mu) + \frac{1}{N} \bar{\mu}",
        "",
        "M24",
    ),
    (
        "layer_norm.md",
        LAST_TERM,
        "",
        "M24",
    ),
    ("layer_norm.md", r"g_k} = \sum_n", r"g_k} = \sum_k", None),
    (
        "rms_norm.md",
        r" - \frac{x_i}{D r^3}\sum_j \frac{\partial L}{\partial y_j} g_j x_j",
        "",
        None,
    ),
    (
        "attention.md",
        OF_SOFTMAX,
        r"(1 - P_{ij}) \frac{\partial L}{\partial P_{ij}}",
        "M18",
    ),
    (
        "attention.md",
        r"= c \sum_i \frac{\partial L}{\partial S_{ij}}",
        r"= c \sum_i \frac{\partial L}{\partial S_{ji}}",
        "M09",
    ),
    ("softmax.md", r"y_k (\delta_{kj} - y_j)", r"y_k \delta_{kj} (1 - y_j)", "M18"),
    ("dropout.md", r"a_j} = \frac{m_j}{q} \frac", r"a_j} = \frac", "M25"),
    ("dropout.md", r"a_j} = \frac{m_j}{q} \frac", r"a_j} = m_j \frac", "M25"),
    ("dropout.md", r"(1 - a_j^2) \frac{m_j}{q} \sum_k", r"(1 - a_j^2) \sum_k", "M25"),
    (
        "rnn.md",
        r"(o_{tm} - d_{tm}) + \sum_k r_{jk} \delta_{t+1,k}$$",
        r"(o_{tm} - d_{tm})$$",
        "M16",
    ),
    ("rnn.md", r" + \sum_k r_{jk} \delta_{t+1,k} \right)", r"\right)", "M16"),
    ("rnn.md", r"r_{jk} \delta_{t+1,k}$$", r"r_{kj} \delta_{t+1,k}$$", None),
    ("rnn.md", r"\sum_t \delta_{tj} h_{t-1,k}", r"\sum_t \delta_{tj} h_{t,k}", None),
    ("rnn.md", r"= \sum_t \delta_{tj}$$", r"= \delta_{tj}$$", "M14"),
    ("rnn_classes.md", r"(1 - s_{t+1,i}^2)", r"(1 - s_{ti}^2)", None),
    ("lstm.md", r" + \frac{\partial L}{\partial c_{t+1,j}} f_{t+1,j}", "", "M16"),
    ("lstm.md", r"f_{t+1,j}$$", r"f_{tj}$$", None),
    ("lstm.md", r"c_{t-1,j} f_{tj} (1 - f_{tj})", r"c_{tj} f_{tj} (1 - f_{tj})", None),
    ("gru_ja.md", r"(h_{t-1,j}-q_{tj})", r"(q_{tj}-h_{t-1,j})", "M05"),
    ("convolution.md", r"\partial u_{o,s-r}}", r"\partial u_{o,s+r}}", None),
    ("convolution_2d.md", r"x_{a+p,b+q}$$", r"x_{a+q,b+p}$$", None),
    ("residual.md", r"= \frac{\partial L}{\partial s_i} + \sum_j w", r"= \sum_j w", "M16"),
    ("residual.md", r"= f'(u_j) \sum_i", r"= \sum_i", None),
    ("batch_norm_differentials.md", r" + \frac{1}{m} d\mu_j", "", "M24"),
    ("batch_norm_differentials.md", r"\frac{ds_j}{2 s_j}", r"\frac{ds_j}{s_j}", None),
    ("batch_norm_differentials.md", r"= \gamma_j \, dy", r"= dy", None),
    ("batch_norm_differentials.md", r"-\sum_i dc", r"\sum_i dc", "M05"),
    ("batch_norm_differentials.md", r" - \hat{x}_{ij} \sum_k dy_{kj} \hat{x}_{kj}", "", None),
    ("softmax_differentials.md", r" - \sum_j p_{nj} \, dp_{nj}", "", None),
    ("softmax_differentials.md", r"w_{ik} \, ds", r"w_{ki} \, ds", None),
    ("softmax_differentials.md", r"= \sum_n ds_{nk}$$", r"= ds_{nk}$$", "M14"),
    ("centred.md", r" - \frac1m \sum_k \frac{\partial L}{\partial c_{kj}}", "", "M24"),
]
"""Page, what it says, a slip in its place, the code that is told; None for any or none."""


@pytest.mark.parametrize(("name", "right", "wrong", "code"), SLIPS)
def test_a_slip_in_a_page(name, right, wrong, code):
    text = (PAGES / name).read_text("utf-8")
    assert right in text
    refuted = [f for f in findings(text.replace(right, wrong, 1)) if f.verdict.value == "refuted"]
    assert refuted
    assert code is None or code in {each.code for each in refuted[0].mistakes}


def test_a_term_that_is_exactly_0_may_be_left_out():
    zero = r" - \frac{2}{m} \frac{\partial L}{\partial \sigma_j^2} \sum_i (x_{ij} - \mu_j)$$"
    text = (PAGES / "batch_norm.md").read_text("utf-8")
    assert zero in text
    assert all(each.verdict.value != "refuted" for each in findings(text.replace(zero, "$$")))


UNSAID = {
    "a loss that only words name": r"""The loss $L$ is the cross-entropy.

$$\mu_n = \frac{1}{K}\sum_k u_{nk}$$
$$c_{nk} = u_{nk} - \mu_n$$
$$p_{nk} = \frac{t_{nk} e^{c_{nk}}}{\sum_m e^{c_{nm}}}$$

$$\frac{\partial L}{\partial c_{nk}} = p_{nk} - t_{nk}$$
""",
    "a function that only the writer knows": r"""$$u_j = \sum_i w_{ij}x_i$$
$$a_j = f(u_j)$$
$$s_j = a_j + x_j$$
$$\frac{\partial L}{\partial u_j} = \frac{\partial L}{\partial s_j} \mathbb{1}[u_j > 0]$$
""",
    "the last time by its name": r"""$$h_{tj} = \tanh(\sum_k r_{kj} h_{t-1,k} + x_{tj})$$
$$y_m = \sum_j v_{jm} h_{Tj}$$
$$\frac{\partial L}{\partial h_{Tj}} = \sum_m v_{jm}\frac{\partial L}{\partial y_m}$$
$$\frac{\partial L}{\partial h_{tj}}
= \sum_k r_{jk}(1-h_{t+1,k}^2)\frac{\partial L}{\partial h_{t+1,k}}$$
""",
    "what the data is known to satisfy": r"""$$y_i = s_i x_i$$
$$\sum_i s_i = 1$$
$$e = \sum_i s_i x_i$$
$$\frac{\partial L}{\partial x_i} = s_i \sum_k s_k \frac{\partial L}{\partial e}$$
""",
    "samples above": r"""$$\mu = \frac{1}{m}\sum_{i=1}^m x^{(i)}$$
$$c^{(i)} = x^{(i)}-\mu$$
$$\frac{\partial L}{\partial \mu} = -\sum_i \frac{\partial L}{\partial c^{(i)}}$$
""",
    "changes that go forward": r"""$$\mu_j = \frac{1}{m}\sum_i x_{ij}$$
$$c_{ij} = x_{ij} - \mu_j$$
$$d\mu_j = \frac{1}{m}\sum_i dx_{ij}$$
$$dc_{ij} = dx_{ij} - d\mu_j$$
""",
    "steps": r"""$$s_{nk} = \sum_i w_{ik} x_{ni}$$
$$p_{nk} = \tanh(s_{nk})$$
$$dw_{ik} = -\eta \frac{\partial L}{\partial w_{ik}}$$
""",
    "slopes of single costs": r"""$$s_{nk} = \sum_i w_{ik} x_{ni} + b_k$$
$$p_{nk} = \frac{e^{s_{nk}}}{\sum_j e^{s_{nj}}}$$
$$dw_{ik} = \frac{1}{N} \sum_n ds_{nk} x_{ni}$$
$$db_k = \frac{1}{N} \sum_n ds_{nk}$$
""",
    "a quantity called d": r"""$$d = \sum_i x_i$$
$$y_i = d x_i$$
$$\frac{\partial L}{\partial x_i}
= d \frac{\partial L}{\partial y_i} + \sum_k x_k \frac{\partial L}{\partial y_k}$$
""",
    "an equation that is not understood": r"""$$\mu_j = \mathrm{mean}_i x_{ij}$$
$$c_{ij} = x_{ij} - \mu_j$$
$$\frac{\partial L}{\partial x_{ij}}
= \frac{\partial L}{\partial c_{ij}} - \frac1m \sum_k \frac{\partial L}{\partial c_{kj}}$$
""",
}
"""Right pages that say too little, or what is not understood."""


@pytest.mark.parametrize("name", UNSAID)
def test_what_is_not_settled_refutes_nothing(name):
    found = findings(UNSAID[name])
    assert found
    assert [each.text for each in found if each.verdict.value == "refuted"] == []
