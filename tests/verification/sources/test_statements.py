"""Claims: what is one, what a line that begins with = continues, what words around them say."""

# ruff: noqa: E501 -- tables of words and of spellings read best with an entry on a line

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symbp.verification.sources.read import read_page
from symbp.verification.sources.statements import read_statements
from symbp.verification.statement import Reading
from tests.derivation.networks import shipped

SEEDS = Path(__file__).parents[3] / "../shared/seeds"


def read(source: str, file: str = "a.md") -> Reading:
    return read_statements(read_page(file, source))


def seed(number: str) -> Reading:
    found = sorted(SEEDS.glob(f"{number}_*.txt"))
    if not found:
        pytest.skip("the seeds are not here")
    return read(found[0].read_text(encoding="utf-8"), found[0].name)


CLAIMS = [
    ("$a = b$", ["a = b"]),
    ("$a$", []),
    ("$a = b = c$", ["a = b = c"]),
    ("$a = b, c = d$", ["a = b", "c = d"]),
    (r"$a=b \quad c=d$", ["a=b", "c=d"]),
    (r"$a=b \Rightarrow c=d$", ["a=b", "c=d"]),
    (r"$a=b \text{ and } c=d$", ["a=b", "c=d"]),
    (r"$w \leftarrow w - g$", [r"w \leftarrow w - g"]),
    ("$w += g$", ["w += g"]),
    (r"$x_{i,j} = f(x, y)$", ["x_{i,j} = f(x, y)"]),
    (r"$y_{\text{pred}} = \text{softmax}(u)$", [r"y_{\text{pred}} = \text{softmax}(u)"]),
    ("$A(=B)$", ["A=B"]),
    ("$x=A(=B)$", ["x=A", "A=B"]),
    ("$A$ $=B$", ["A=B"]),
    ("$a \\ne b$", []),
    (r"$\sum_{k=1}^n x_k$", []),
    ("$l = L$", []),
    (r"$δ = w$, $l=1,\dots,L-1$", ["δ = w"]),
    ("$$\\begin{align}a &= b \\\\ &\\quad + c\\end{align}$$", ["a = b\\quad + c"]),
    ("$$\\begin{align}a = \\\\ b\\end{align}$$", ["a =b"]),
    (r"$f=\begin{cases}1 & x=0\\ 0 & x=1\end{cases}$",
     [r"f=\begin{cases}1 & x=0\\ 0 & x=1\end{cases}"]),
]  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), CLAIMS)
def test_claims(source, expected):
    found = ["".join(s.text.content.split()) for s in read(source).statements]
    assert found == ["".join(text.split()) for text in expected]


CONTINUED = [
    ("$a=b$\n$=c$", True),
    ("$a=b$ よって $=c$", True),
    ("$a=b$ ・・・①\n\nこれを計算すると、\n$=c$", True),
    ("$a=b$\n\n$x$ を代入して\n$=c$", True),
    ("$a=b$, therefore $=c$", True),
    ("$$a=b$$\nwhich gives\n$$=c$$", True),
    ("$$a=b$$\nBy the chain rule this is\n$$=c$$", True),
    ("$a=b$ の総和 $=c$", False),
    ("$E=b$ を $y$ で微分して\n$=c$", False),
    ("$a=b$ is quite another thing than $=c$", False),
    ("$$E=b$$\nDifferentiate both sides.\n$$=c$$", False),
    (r"$$\begin{align}a&=b\\\intertext{differentiate}&=c\end{align}$$", True),
]


@pytest.mark.parametrize(("source", "is_sure"), CONTINUED)
def test_what_a_row_continues(source, is_sure):
    last = read(source).statements[-1]
    assert last.text.content.startswith("=")
    assert last.is_sure is is_sure
    assert last.before is not None


def test_nothing_is_continued_across_a_title():
    last = read("$a=b$\n\n## New\n\n$=c$").statements[-1]
    assert last.before is None
    assert not last.is_sure


def test_a_line_about_a_label_goes_on_from_there():
    last = read("$a=b$ ・・・①\n\n$c=d$ ・・・②\n\n※①は $x=y$ より、 $=e$ となる").statements[-1]
    assert last.before is not None
    assert last.before.labels == ("①",)
    assert not last.is_sure


def test_references():
    source = "$a=b$ ・・・①\n\n$c=d$ ・・・ $(b)$\n\n①と $(b)$ 式より $e=f$\n\nby (7) and (x) $g=h$"
    assert [s.refers for s in read(source).statements] == [(), (), ("①", "b"), ()]


REMARKS = [
    ("損失関数に二乗誤差を使用する。", [("loss", "squared_error", None)]),
    ("We use the cross-entropy.", [("loss", "cross_entropy", None)]),
    ("Let the loss be the mean squared error.", [("loss", "mean_squared_error", None)]),
    ("出力層の活性化関数に恒等関数を用いる。", [("activation", "identity", "output")]),
    ("The output layer is a sigmoid.", [("activation", "sigmoid", "output")]),
    ("The hidden layers use ReLU and the output layer uses a softmax.",
     [("activation", "relu", "hidden"), ("activation", "softmax", "output")]),
    ("The output is not a softmax.", []),
    ("We do not use the cross-entropy.", []),
    ("例えば、平均二乗誤差を使う。", []),
    ("Common losses are the cross-entropy and the squared error.", []),
    ("交差エントロピーなどが一般的に使用されます。", []),
    ("If the output is a softmax, things differ.", []),
    ("The sigmoid is smooth.", []),
]  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), REMARKS)
def test_remarks(source, expected):
    found = [
        (remark.kind, remark.facts["name"], remark.facts.get("where"))
        for remark in read(source).remarks
        if remark.kind in {"loss", "activation"}
    ]
    assert found == expected


NAMES = [
    ("| | 記号 |\n|---|---|\n| 教師データ | $d$ |", [("d", "target")]),
    ("| $u^l_j$ | pre-activation |\n|---|---|\n| $w$ | weight |", [("u^l_j", "preactivation"), ("w", "weight")]),
    ("- $u$: the weighted sum\n- $b$: bias", [("u", "preactivation"), ("b", "bias")]),
    ("where $a^l_j$ denotes the activation of unit j", [("a^l_j", "activation")]),
    ("$z$ を重み付き線形和とする。", [("z", "preactivation")]),
    ("損失関数 $E$ を考える。", [("E", "loss")]),
    ("the learning rate $\\eta$", [("\\eta", "learning_rate")]),
    ("- $n$: number of inputs", []),
    ("$a$ is not the activation", []),
]  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), NAMES)
def test_names(source, expected):
    remarks = [remark.facts for remark in read(source).remarks if remark.kind == "names"]
    assert [(facts["glyph"], facts["role"]) for facts in remarks] == expected


CONDITIONS = [
    ("恒等関数の場合 $f=1$", {"identity"}),
    ("$f=1$ for the output layer", {"output"}),
    (r"$δ = w$ for $l < L$", {"below_last"}),
    (r"$δ = w, \quad l=1,\dots,L-1$", {"below_last"}),
    (r"$δ = w \quad (l = L)$", {"last"}),
    ("## 中間層\n\n$a=b$", {"hidden"}),
    ("## Output layer\n\n$a=b$", {"output"}),
    ("## 出力層と中間層\n\n$a=b$", set()),
    ("$a=b$", set()),
]


@pytest.mark.parametrize(("source", "expected"), CONDITIONS)
def test_conditions(source, expected):
    (statement,) = read(source).statements
    assert {remark.facts["key"] for remark in statement.remarks} == expected


def test_what_depends_on_what():
    (statement,) = read("E(u,v)かつu(x,y)の時、\n$a=b$").statements
    assert [remark.facts["formula"] for remark in statement.remarks] == ["E(u,v)", "u(x,y)"]


def test_a_derivative_in_words():
    first = read("$y_j$ で偏微分すると $E=c$ の微分となり、 $=d$").statements[0]
    assert [remark.facts["variable"] for remark in first.remarks] == ["y_j"]


DOCUMENT = [  # line, begin of the text, begin of what it continues, sure, labels
    (35, "u^l_j=", None, True, ()),
    (37, "z=f(u)", None, True, ()),
    (60, "w=w+Δw", None, True, ("①",)),
    (80, r"\dfrac{∂E}{∂y}=", None, True, ()),
    (90, r"E=\dfrac{1}{2}\sum", None, True, ()),
    (91, "f(u)=u", None, True, ()),
    (111, r"\dfrac{∂E}{∂w^L_{ij}}=", None, True, ("a",)),
    (114, r"\dfrac{∂E}{∂u^L_j}=δ^L_j", None, True, ("①",)),
    (116, r"=\dfrac{∂w^L_{ij}z", r"\dfrac{∂u^L_j}{∂w^L_{ij}} = z", False, ()),
    (119, r"\dfrac{∂E}{∂w^L_{ij}}=δ", None, True, ("b",)),
    (124, r"\dfrac{∂E}{∂z^L_j}=\dfrac{∂E}{∂y_j}=(y_j-d_j)", None, True, ("④",)),
    (126, r"E=\dfrac{1}{2}(y_j-d_j)^2", None, True, ()),
    (126, "=(y_j-d_j)", r"\dfrac{∂E}{∂z^L_j}=", False, ()),
    (151, r"=\sum\limits_{k}δ^{l+1}_{k}\dfrac{∂u", "δ^{l}_{j}=", True, ()),
    (154, r"=\sum\limits_{k}δ^{l+1}_{k} w^{l+1}_{jk} \dfrac{∂z", r"=\sum", True, ("⑥",)),
    (156, r"=\sum\limits_{k}δ^{l+1}_{k} w^{l+1}_{jk} \dfrac{∂f", r"=\sum", True, ("⑦",)),
    (162, r"δ^{l}_{j}=\sum", None, True, ("⑧",)),
    (164, r"\dfrac{∂f^l(u^l_j)}{∂u^{l}_{j}}=\dfrac{∂z", None, True, ("⑨_2",)),
    (165, r"δ^{l+1}_{k}=\frac{∂E}", None, True, ()),
    (167, "(y_j-d_j)=δ^L_k", None, True, ()),
    (167, r"=\sum\limits_{k}δ^L_k", "(y_j-d_j)=δ^L_k", False, ()),
    (167, r"=\sum\limits_{k}δ^{L-1}_k", "δ^{L-1}_{j}", False, ()),
    (173, "=δ^{l}_{j}z^{l-1}_i", r"\dfrac{∂E}{∂w^l_{ij}}=", True, ()),
    (175, r"=\sum\limits_{k}δ", "=δ^{l}_{j}z", True, ()),
    (195, r"\dfrac{∂E}{∂u^{l+1}_k}=δ^{l+1}_{k}", None, True, ()),
]


@pytest.mark.parametrize(("line", "begin", "before", "is_sure", "labels"), DOCUMENT)
def test_a_real_document(line, begin, before, is_sure, labels):
    found = [
        s for s in seed("002").statements if s.row == line and s.text.content.startswith(begin)
    ]
    assert found
    statement = found[0]
    assert (statement.is_sure, statement.labels) == (is_sure, labels)
    assert (statement.before is None) == (before is None)
    assert statement.before is None or statement.before.text.content.startswith(before)


def test_a_real_document_has_its_equations_and_symbols():
    reading = seed("002")
    assert len(reading.statements) == 54
    names = {r.facts["glyph"]: r.facts["role"] for r in reading.remarks if r.kind == "names"}
    expected = {"x": "input", "z": "activation", "y": "prediction", "d": "target", "w": "weight"}
    expected |= {"u": "preactivation", "w^l_{0j}": "bias", "E": "loss", "η": "learning_rate"}
    assert expected.items() <= names.items()
    told = [(r.kind, r.facts["name"]) for r in reading.remarks if r.kind in {"loss", "activation"}]
    assert told == [("loss", "squared_error"), ("activation", "identity")]


@pytest.mark.parametrize(
    ("number", "claims", "programs"), [("000", 7, 1), ("001", 0, 2), ("003", 1, 1)]
)
def test_real_documents_without_delimiters(number, claims, programs):
    reading = seed(number)
    assert (len(reading.statements), len(reading.code)) == (claims, programs)


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize(
    ("form", "suffix"), [("text", ".txt"), ("markdown", ".md"), ("latex", ".tex")]
)
@pytest.mark.parametrize("notation", ["jp-uz", "matrix-rows"])
def test_what_is_derived_comes_back(language, form, suffix, notation):
    derived = shipped("mlp")
    reading = read(derived.render(form, notation=notation, language=language), "a" + suffix)
    numbers = [statement.labels for statement in reading.statements]
    assert numbers == [(str(number),) for number in range(1, len(numbers) + 1)]
    assert all(statement.is_sure for statement in reading.statements)


PIECES = st.sampled_from(
    ["$a=b$", "$=c$", "$A$", " よって ", "の場合", "\n", "\n\n", "## 出力層\n\n", "①", "・・・", "(a)", "$(a)$",
     "| $x$ | 入力 |\n|--|--|\n", "$a,b=c$", "$l<L$", "。", ". ", "use softmax", "E(u)", "の時", "- ", "$$\n=c\n$$\n",
     "$a=b(=c$", "$)=($", "where $x$ is the input"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=25).map("".join))
def test_nothing_raises_and_every_continued_claim_is_earlier(source):
    reading = read(source)
    for statement in reading.statements:
        if statement.before is not None:
            assert statement.text.content.lstrip()[0] in "=:≡←+-\\{"
            assert statement.before.text.spots[0] <= statement.text.spots[0]
