"""Which preset a page is read in, and what its names are taken for."""

from __future__ import annotations

import pytest
from sympy import Integer

from symbp.equations.axis import L
from symbp.equations.tensor import Role
from symbp.errors import UnknownConvention
from symbp.notation.convention import Matrix
from symbp.notation.reader import Reader
from symbp.pipeline import declare
from symbp.verification.binding.bind import bind
from tests.verification.binding.pages import page, seed

JP_UZ = page(
    r"u^l_j = \sum_i w^l_{ij} z^{l-1}_i",
    r"\delta^L_j = \frac{\partial E}{\partial u^L_j}",
    r"\frac{\partial E}{\partial w^l_{ij}} = \delta^l_j z^{l-1}_i",
)
NIELSEN = page(
    r"z^l_j = \sum_k w^l_{jk} a^{l-1}_k + b^l_j",
    r"a^l_j = \sigma(z^l_j)",
    r"\frac{\partial C}{\partial w^l_{jk}} = a^{l-1}_k \delta^l_j",
)
NIELSEN_MATRICES = page(
    r"\delta^L = a^L - y",
    r"\delta^l = (W^{l+1})^\top \delta^{l+1} \odot \sigma'(z^l)",
    r"\frac{\partial C}{\partial W^l} = \delta^l (a^{l-1})^\top",
)
DLAI = page(
    r"Z^{[1]} = W^{[1]} X + b^{[1]}",
    r"A^{[1]} = g(Z^{[1]})",
    r"dZ^{[2]} = A^{[2]} - Y",
    r"\frac{\partial J}{\partial W^{[2]}} = \frac{1}{m} dZ^{[2]} (A^{[1]})^\top",
)
NG_THETA = page(
    r"z^{(2)}_j = \sum_i \Theta^{(1)}_{ji} x_i",
    r"a^{(2)}_j = g(z^{(2)}_j)",
    r"\delta^{(3)}_j = a^{(3)}_j - y_j",
    r"\frac{\partial J}{\partial \Theta^{(2)}_{ji}} = \delta^{(3)}_j a^{(2)}_i",
)
OREILLY = page(
    r"a^{(2)}_k = \sum_j w^{(2)}_{jk} z^{(1)}_j + b^{(2)}_k",
    r"z^{(1)}_j = h(a^{(1)}_j)",
    r"L = -\sum_k t_k \log y_k",
)
SCALAR = page(
    "y = f(Wx + b)",
    r"L = \frac{1}{2} (y - t)^2",
    r"\frac{∂L}{∂W} = \frac{∂L}{∂y} \cdot \frac{∂y}{∂W}",
)

PAGES = [
    # page, preset, last place, matrix, batch
    (JP_UZ, "jp-uz", L, Matrix.OFF, False),
    (NIELSEN, "nielsen", L, Matrix.OFF, False),
    (NIELSEN_MATRICES, "nielsen", L, Matrix.COLUMNS, False),
    (DLAI, "dlai", Integer(2), Matrix.COLUMNS, True),
    (NG_THETA, "ng-theta", Integer(2), Matrix.OFF, False),
    (SCALAR, "scalar-f", Integer(1), Matrix.OFF, False),
]


@pytest.mark.parametrize(("reading", "preset", "last", "matrix", "batch"), PAGES)
def test_the_preset_that_explains_most(reading, preset, last, matrix, batch):
    found = bind(reading)
    assert found.preset == preset
    assert found.notation.last == last
    assert found.notation.convention.matrix is matrix
    assert found.batch is batch


@pytest.mark.parametrize("reading", [*(each[0] for each in PAGES), OREILLY])
def test_every_row_can_be_read(reading):
    found = bind(reading)
    reader = Reader(found.notation, found.scope)
    for statement in reading.statements:
        assert reader.chain(statement.text.content)


ORDERS = [
    (r"u_j = \sum_i w_{ij} x_i", False),
    (r"u_j = \sum_i w_{ji} x_i", True),
    (r"z^l_k = \sum_j W^l_{kj} a^{l-1}_j + b^l_k", True),
    (r"u^l_j=w^l_{0j}z^{l-1}_0+w^l_{1j}z^{l-1}_1+w^l_{2j}z^{l-1}_2+...", False),
    (r"z^l_j=w^l_{j1}a^{l-1}_1+w^l_{j2}a^{l-1}_2+\cdots+b^l_j", True),
]


@pytest.mark.parametrize(("row", "to_from"), ORDERS)
def test_the_forward_equation_decides_on_the_order_of_a_weights_indices(row, to_from):
    assert bind(page(row)).notation.convention.weight_to_from is to_from


NO_FORWARD_EQUATIONS = [
    r"v' = \mu v - \eta g",
    r"\delta^l_j = \sum_k w^{l+1}_{kj} \delta^{l+1}_k",
    r"\hat{m} = m / (1 - \beta)",
    r"E = D + R",
    r"w' = w + v'",
]


@pytest.mark.parametrize("row", NO_FORWARD_EQUATIONS)
def test_what_looks_like_a_forward_equation_and_is_none(row):
    found = bind(page(*[each.text.content for each in JP_UZ.statements], row))
    assert (found.preset, found.notation.convention.bias_as_weight) == ("jp-uz", True)
    assert found.notation.convention.glyphs[Role.PREACTIVATION] == "u"
    assert found.notation.convention.glyphs[Role.WEIGHT] == "w"


def glyphs(found):
    return {(row.glyph, row.role): row.origin for row in found.bounds}


def test_what_the_document_defines_beats_the_preset():
    reading = page(
        r"s^l_j = \sum_i w^l_{ij} o^{l-1}_i",
        r"o^l_j = \varphi(s^l_j)",
        r"\delta^l_j = \frac{\partial J}{\partial s^l_j}",
    )
    found = bind(reading, notation="jp-uz")
    convention = found.notation.convention
    assert convention.glyphs[Role.PREACTIVATION] == "s"
    assert convention.glyphs[Role.ACTIVATION] == "o"
    assert convention.glyphs[Role.LOSS] == "J"
    assert convention.function == "φ"
    assert glyphs(found)["s", "pre-activation"] == "document"
    assert glyphs(found)["δ", "delta"] == "document"


def test_words_name_what_no_equation_defines():
    found = bind(page(r"\frac{\partial E}{\partial u^l_j} = e^l_j", e="delta", u="総入力"))
    assert found.notation.convention.glyphs[Role.DELTA] == "e"
    assert glyphs(found)["u", "pre-activation"] == "document"
    assert next(row for row in found.bounds if row.glyph == "e").line == 99


TARGETS = [
    (r"E = \frac12 \sum_j (y_j - d_j)^2", "d", "y"),
    (r"E = \frac12 \sum_j (d_j - y_j)^2", "d", "y"),
    (r"C = \frac12 \sum_j (y_j - a^L_j)^2", "y", None),
    (r"L = -\sum_k t_k \log y_k", "t", "y"),
    (r"L = -\sum_k y_k \log p_k", "y", "p"),
]


@pytest.mark.parametrize(("row", "target", "prediction"), TARGETS)
def test_the_loss_tells_target_from_prediction(row, target, prediction):
    convention = bind(page(row)).notation.convention
    assert convention.glyphs[Role.TARGET] == target
    assert convention.prediction == prediction


def test_an_option_beats_the_document():
    found = bind(JP_UZ, given={"u": "activation", "z": "pre-activation"})
    convention = found.notation.convention
    assert (convention.glyphs[Role.ACTIVATION], convention.glyphs[Role.PREACTIVATION]) == ("u", "z")
    assert glyphs(found)["u", "activation"] == "option"
    assert not found.troubles


def test_an_option_that_cannot_be_used():
    found = bind(JP_UZ, given={"u": "preactivaton", "q": "weight"})
    assert [(t.code, t.found) for t in found.troubles] == [
        ("unknown_role", "preactivaton"),
        ("unknown_glyph", "q"),
    ]
    assert "pre-activation" in found.troubles[0].similar


def test_one_sample_and_many_on_one_page():
    rows = [r"u^l_j = \sum_i w^l_{ij} z^{l-1}_i", r"u^l_{nj} = \sum_i w^l_{ij} z^{l-1}_{ni}"]
    found = bind(page(*rows))
    reader = Reader(found.notation, found.scope)
    assert all(reader.equation(row) for row in rows)


def test_a_gradient_of_a_bias_is_no_definition_of_delta():
    found = bind(page(r"\frac{∂C}{∂b^l_j} = \delta^l_j", r"\delta^l_j = \frac{∂C}{∂z^l_j}"))
    assert found.notation.convention.glyphs[Role.PREACTIVATION] == "z"
    assert "b" not in found.notation.convention.aliases.get("preactivation", ())


def test_a_preset_that_is_not_known():
    with pytest.raises(UnknownConvention):
        bind(JP_UZ, notation="nielson")


def test_a_preset_by_name_is_taken():
    assert bind(JP_UZ, notation="jp-uz").preset == "jp-uz"


def test_a_given_network_says_which_layer_is_the_last():
    found = bind(page(r"\delta^2_j = y_j - d_j"), network=declare("xor"), notation="jp-uz")
    assert found.notation.last == 2
    assert bind(page(r"\delta^L_j = y_j - d_j"), network=declare("xor")).notation.last == L


def test_names_that_several_presets_explain_are_a_guess():
    found = bind(page("y_j"))
    assert found.is_guess
    assert {row.origin for row in found.bounds} == {"guess"}
    assert not bind(page()).bounds


def test_a_judge_decides_between_what_reads_equally_well():
    reading = page(r"\delta^L_j = a_j")
    wanted = bind(reading, judge=lambda each: each.preset == "nielsen")
    other = bind(reading, judge=lambda each: each.preset == "jp-uz")
    assert (wanted.preset, other.preset) == ("nielsen", "jp-uz")


def test_a_symbol_table_in_a_document():
    found = bind(seed(2))
    assert (found.preset, found.batch, found.is_guess) == ("jp-uz", False, False)
    table = glyphs(found)
    for row in (("u", "pre-activation"), ("z", "activation"), ("d", "target"), ("y", "prediction")):
        assert table[row] == "document"
    assert table["η", "learning-rate"] == "document"


def test_a_document_about_numbers():
    found = bind(seed(0))
    assert (found.preset, found.scalars) == ("scalar-f", True)
    assert not any(tensor.axes for tensor in found.scope.tensors)


def test_a_forward_equation_in_the_midst_of_words():
    assert bind(seed(3)).preset == "nielsen"
