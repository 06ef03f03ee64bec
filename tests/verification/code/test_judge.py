"""Programs that are right are never refuted; slips are, in their own line, and by their name."""

from pathlib import Path

import pytest

from symbp.verification.code.indentation import programs as programs_in
from symbp.verification.code.indentation import restore
from symbp.verification.code.interpreter import trace
from symbp.verification.code.judge import judge
from symbp.verification.statement import Remark
from symbp.verification.text import Spot, Text
from symbp.verification.verdict import Verdict
from tests.verification.code.programs import COLUMNS, RIGHT, ROWS, SOFTMAX_LABELS, TUTORIAL
from tests.verification.code.slips import SLIPS, UPDATED_FIRST

SEEDS = Path(__file__).parents[4] / "shared/seeds"


def judged(source, **options):
    return judge(trace(source), **options)


def refuted(found):
    return [f for f in found.findings if f.verdict is Verdict.REFUTED]


def told(findings):
    return {m.code for f in findings for m in f.mistakes}


@pytest.mark.parametrize("name", RIGHT)
def test_right_programs_are_not_refuted(name):
    found = judged(RIGHT[name])
    assert found.findings
    assert not refuted(found)


SURE = [n for n in RIGHT if n not in ("tutorial without a loss", "softmax with one-hot targets")]


@pytest.mark.parametrize("name", SURE)
def test_right_programs_are_right_without_conditions(name):
    assert all(f.verdict.holds for f in judged(RIGHT[name]).findings)


def test_one_hot_targets_are_a_condition():
    findings = judged(RIGHT["softmax with one-hot targets"]).findings
    assert {c.key for f in findings for c in f.conditions} == {"condition.one_hot"}


@pytest.mark.parametrize("name", SLIPS)
def test_slips_are_refuted_in_their_line(name):
    right, old, new, codes = SLIPS[name]
    assert old in right
    source = right.replace(old, new)
    wrong = refuted(judged(source))
    assert len(wrong) == 1
    if new:
        places = [
            k for k, line in enumerate(source.splitlines(), 1) if line.strip() in new or new in line
        ]
        near = {place + k for place in places for k in (-1, 0, 1, 2)}
        assert wrong[0].at.line in near
    assert not codes or told(wrong) & codes


ONE_OUTPUT = """
import numpy as np
X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
y = np.array([[0], [1], [1], [0]])
W1 = np.random.randn(2, 4)
b1 = np.zeros((1, 4))
W2 = np.random.randn(4, 1)
b2 = np.zeros((1, 1))
for epoch in range(1000):
    h = 1 / (1 + np.exp(-(X @ W1 + b1)))
    out = 1 / (1 + np.exp(-(h @ W2 + b2)))
    loss = np.mean((y - out) ** 2)
    d_out = 2 * (out - y) * out * (1 - out) / len(X)
    dW2 = h.T @ d_out
    db2 = d_out.sum(axis=0, keepdims=True)
    d_hidden = d_out @ W2.T * h * (1 - h)
    dW1 = X.T @ d_hidden
    db1 = d_hidden.sum(axis=0)
    W2 -= 0.5 * dW2
    b2 -= 0.5 * db2
    W1 -= 0.5 * dW1
    b1 -= 0.5 * db1
"""
"""Every number is a multiple of any other: b2 and its gradient are single numbers."""


def test_a_bias_that_is_a_single_number():
    findings = judged(ONE_OUTPUT).findings
    assert len(findings) == 10
    assert all(f.verdict.holds for f in findings)


@pytest.mark.parametrize(
    ("old", "new", "slip", "also"),
    [
        ("* out * (1 - out) /", "* out * (1 - h.sum()) /", 13, {14, 15, 16, 17, 18}),
        ("d_out.sum(axis=0, keepdims=True)", "(d_out * out).sum(axis=0, keepdims=True)", 15, set()),
        ("d_out.sum(axis=0, keepdims=True)", "d_out.mean(axis=0, keepdims=True)", 15, set()),
        ("b2 -= 0.5 * db2", "b2 += 0.5 * db2", 20, set()),
    ],
)
def test_slips_about_a_single_number(old, new, slip, also):
    assert old in ONE_OUTPUT
    findings = judged(ONE_OUTPUT.replace(old, new)).findings
    assert [f.at.line for f in findings if f.verdict is Verdict.REFUTED] == [slip]
    inherited = {f.at.line for f in findings if f.follows_from == slip}
    assert also <= inherited
    assert (20 in inherited) == (slip < 20)


def test_what_follows_from_a_slip_is_not_refuted():
    right, old, new, _ = SLIPS["hidden slope missing"]
    findings = judged(right.replace(old, new)).findings
    (slip,) = (f for f in findings if f.verdict is Verdict.REFUTED)
    inherited = [f for f in findings if f.follows_from == slip.at.line]
    assert len(inherited) == 4
    assert all(f.verdict is Verdict.CONDITIONAL for f in inherited)


def test_a_parameter_that_is_changed_before_it_is_read():
    (slip,) = refuted(judged(UPDATED_FIRST))
    assert slip.text.strip() == "dA1 = dZ2 @ W2.T"
    assert told([slip]) == {"M21"}


def test_two_slips_are_told_apart():
    source = ROWS.replace("dW2 = A1.T @ dZ2", "dW2 = 2 * A1.T @ dZ2").replace(
        "dW1 = X.T @ dZ1", "dW1 = -X.T @ dZ1"
    )
    assert [told([f]) for f in refuted(judged(source))] == [{"M06"}, {"M05"}]


def test_a_factor_in_all_gradients_is_named():
    source = ROWS.replace("dA2 = (A2 - Y) / m", "dA2 = 2 * (A2 - Y) / m")
    found = refuted(judged(source))
    assert {f.message.key for f in found} == {"code.loss_factor"}
    assert told(found) == {"M06"}


def test_a_number_of_samples_in_all_gradients_may_live_in_the_rate():
    found = judged(ROWS.replace("dA2 = (A2 - Y) / m", "dA2 = A2 - Y"))
    assert refuted(found) == []
    scaled = [f for f in found.findings if f.message.key == "code.scaled"]
    assert told(scaled) == {"M07"}


def test_a_factor_in_the_rate_may_make_up_for_that():
    source = ROWS.replace("dA2 = (A2 - Y) / m", "dA2 = A2 - Y").replace("lr *", "lr / m *")
    assert not refuted(judged(source))


def test_a_number_in_all_gradients_is_against_the_stated_loss():
    source = ROWS.replace("/ (2 * m)", "/ m")
    assert told(refuted(judged(source))) == {"M06"}


def test_a_guessed_loss_refutes_nothing():
    source = TUTORIAL.replace("l2_error * nonlin(l2, deriv=True)", "l2_error")
    found = judged(source)
    assert not refuted(found)
    assert {f.message.key for f in found.findings} == {"code.loss_guessed"}


def test_without_a_loss_lines_are_held_against_each_other():
    source = TUTORIAL.replace("l1_error * nonlin(l1, deriv=True)", "l1_error * 1")
    wrong = refuted(judged(source))
    assert told(wrong) == {"M02"}


def test_a_mean_in_one_gradient_only_is_wrong_for_every_loss():
    source = COLUMNS.replace(
        "    cost = -np.sum(Y * np.log(a2) + (1 - Y) * np.log(1 - a2)) / m\n", ""
    )
    source = source.replace("return cost", "return params")
    assert not refuted(judged(source))
    assert "M07" in told(refuted(judged(source.replace("dz1, X.T) / m", "dz1, X.T)"))))


def test_the_option_outranks_the_code():
    assert told(refuted(judged(COLUMNS, loss="half_squared_error"))) >= {"M08"}
    assert not refuted(judged(TUTORIAL, loss="half_squared_error"))


def test_the_loss_that_words_name():
    words = (Remark("loss", Spot(1, 1), {"name": "mean_squared_error"}),)
    source = TUTORIAL.replace("l2_error * nonlin(l2, deriv=True)", "l2_error")
    findings = judged(source, words=words).findings
    assert {f.message.key for f in findings} == {"code.right_for"}
    assert told(findings) == {"M08"}


def test_an_array_under_two_names():
    source = SOFTMAX_LABELS.replace("probs.copy()", "probs").replace(
        "    dW2 =", "    dscores *= 1\n    dW2 ="
    )
    assert not refuted(judged(source))


@pytest.mark.parametrize("source", ["", "x = 1\n", "import numpy as np\nw = np.zeros(3)\nw -= 1\n"])
def test_programs_that_train_nothing(source):
    found = judged(source)
    assert not found.findings
    assert found.notes


def seed(name):
    if not SEEDS.exists():
        pytest.skip("the documents are not here")
    (first, *_) = programs_in(Text.of((SEEDS / name).read_text(encoding="utf-8")))
    return trace(restore(first).text)


def test_seed_right_for_half_the_sum_of_squares():
    found = judge(seed("001_c5e30601322821e1.txt"))
    assert not refuted(found)
    losses = {c.facts["loss"] for f in found.findings for c in f.conditions}
    assert losses == {"half_squared_error"}


def test_seed_right_for_cross_entropy_only():
    given = seed("003_9c614eb121249150.txt")
    words = (Remark("loss", Spot(1, 1), {"name": "mean_squared_error"}),)
    found = judge(given, words=words)
    assert {f.message.key for f in found.findings} == {"code.right_for"}
    assert told(refuted(judge(given, loss="mean_squared_error"))) >= {"M08"}


def test_an_optimizer_that_goes_up():
    source = RIGHT["momentum"].replace("self.w1 -= self.vw1", "self.w1 += self.vw1")
    assert told(refuted(judged(source))) == {"M05"}


def test_targets_that_the_program_makes_of_labels():
    source = RIGHT["softmax with one-hot targets"].replace("X, T,", "X, y,")
    source = source.replace("m = X.shape[0]", "m = X.shape[0]\n    T = np.eye(3)[y]")
    assert all(f.verdict.holds for f in judged(source).findings)
