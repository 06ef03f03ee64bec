"""Programs of layers as people write them: what is right is proved, what is wrong is refuted."""

from pathlib import Path

import pytest

from symbp.verification.code.interpreter import pairs_alone
from symbp.verification.options import Options
from symbp.verification.text import Text
from symbp.verification.verdict import Verdict
from symbp.verification.verify import verify_file
from tests.sampling import sampled
from tests.verification.code.layer_slips import SLIPS

LAYERS = Path(__file__).parent / "layers"

LINES = {
    # program: lines with a verdict
    "attention_einsum": 15,
    "attention_heads": 16,
    "attention_single": 12,
    "batchnorm_class": 13,
    "batchnorm_stages": 21,
    "conv1d_loop": 5,
    "conv2d_loop": 9,
    "convolution_windows": 9,
    "dropout_class": 12,
    "dropout_script": 12,
    "dropout_sizes": 13,
    "embedding": 10,
    "layernorm_compact": 12,
    "layernorm_script": 17,
    "lstm_lists": 31,
    "lstm_step": 12,
    "maxpool": 2,
    "pooling": 8,
    "residual": 11,
    "rmsnorm": 9,
    "rnn_alone": 8,
    "rnn_arrays": 12,
    "rnn_characters": 13,
    "rnn_class": 14,
    "sizes_uniform": 3,
    "vjp_attention": 6,
    "vjp_attention_batch": 9,
    "vjp_batchnorm": 11,
    "vjp_class_layers": 4,
    "vjp_conv": 4,
    "vjp_layernorm": 4,
    "vjp_layers": 5,
    "vjp_rnn": 11,
}

IN_REALS = {"attention_heads"}
"""What has a −1e9 in place of a −∞ is the same in real numbers only."""


def text(name: str) -> str:
    return (LAYERS / f"{name}.py").read_text(encoding="utf-8")


def judged(source: str):
    return verify_file("program.py", source, Options(seconds=60)).findings


def test_every_program_is_told():
    assert {path.stem for path in LAYERS.glob("*.py")} == set(LINES)


@pytest.mark.parametrize("name", LINES)
def test_right_programs_are_proved(name):
    findings = judged(text(name))
    assert len(findings) == LINES[name]
    wanted = Verdict.CONFIRMED if name in IN_REALS else Verdict.PROBABLE
    assert {f.verdict for f in findings} == {wanted}


@pytest.mark.parametrize(("name", "old", "new", "codes"), SLIPS)
def test_slips_are_refuted_and_named(name, old, new, codes):
    source = text(name)
    assert source.count(old) >= 1
    wrong = [f for f in judged(source.replace(old, new, 1)) if f.verdict is Verdict.REFUTED]
    assert {m.code for f in wrong for m in f.mistakes} & codes


def test_a_path_that_gives_exactly_nothing_may_be_left_out():
    """Where a mean is taken away, Σ (x − μ) is 0, and so is a path through the variance."""
    source = text("vjp_batchnorm")
    spelled = "dmu = -np.sum(dx1, axis=0)"
    assert source.count(spelled) == 1
    shorter = source.replace(spelled, "dmu = -np.sum(dx_hat / std, axis=0)")
    assert {f.verdict for f in judged(shorter)} == {Verdict.PROBABLE}


def test_pairs_are_found_by_their_names():
    assert [name for name, _ in pairs_alone(Text.of(text("vjp_layers")))] == [
        "affine_backward",
        "relu_backward",
        "dropout_backward",
    ]


@pytest.mark.parametrize("new", ["ds /= wide", "pass", "ds *= 2"])
def test_another_number_than_that_of_samples_is_no_mean(new):
    findings = judged(text("dropout_sizes").replace("ds /= count", new))
    steps = [f for f in findings if f.text.startswith(("A -=", "a -=", "B -=", "b -="))]
    assert len(steps) == 4
    assert {f.verdict for f in steps} == {Verdict.CONDITIONAL}
    assert {"M06", "M07"} & {m.code for f in steps for m in f.mistakes}


def test_a_gradient_that_is_divided_once_more_is_not_proved():
    source = text("dropout_sizes").replace("dB = v.T @ ds", "dB = v.T @ ds / count")
    (step,) = [f for f in judged(source) if f.text == "B -= 0.4 * dB"]
    assert step.verdict is not Verdict.PROBABLE


@pytest.mark.parametrize(
    ("over", "lines"),
    sampled([("0", 9), ("(0, 1)", 9), ("(0, 1, 2)", 6)], [("0", 9), ("(0, 1)", 9)]),
    ids=["stack", "grid", "more"],
)
def test_what_comes_in_may_have_more_dimensions(over, lines):
    """The sums tell how many; where there are too many, nothing is said of what has no cause."""
    source = text("vjp_attention_batch").replace("sum(axis=0)", f"sum(axis={over})")
    findings = judged(source)
    assert len(findings) == lines
    assert {f.verdict for f in findings} == {Verdict.PROBABLE}


def test_a_gradient_of_a_pair_has_no_factor_left_open():
    """What is given back must be the derivative itself: no rate is there to take up a factor."""
    source = text("vjp_layernorm").replace(
        "dbeta = dout.sum(axis=0)", "dbeta = 2 * dout.sum(axis=0)"
    )
    wrong = [f for f in judged(source) if f.verdict is Verdict.REFUTED]
    assert [f.text for f in wrong] == ["dbeta = 2 * dout.sum(axis=0)"]
    assert {m.code for f in wrong for m in f.mistakes} == {"M06"}


STRIDED = """    s0, s1, s2, s3 = X.strides
    n, c, h, w = X.shape
    windows = np.lib.stride_tricks.as_strided(X, shape={shape}, strides={strides})
"""
VIEWS = [
    # shape and strides of the windows; whether that is what sliding_window_view gives
    ("(4, 2, 5, 4, 3, 3)", "(s0, s1, s2, s3, s2, s3)", True),
    ("(n, c, h - 2, w - 2, 3, 3)", "X.strides + (s2, s3)", True),
    ("(n, c, h - 2, w - 2, 3, 3)", "X.strides + X.strides[2:]", True),
    ("(n, c, h - 2, w - 2, 3, 3)", "(s0, s1, s2, s3, s3, s2)", False),
    ("(n, c, h - 1, w - 2, 3, 3)", "(s0, s1, s2, s3, s2, s3)", False),
]


@pytest.mark.parametrize(("shape", "strides", "is_right"), VIEWS)
def test_views_by_strides_are_windows(shape, strides, is_right):
    """On the way back, those of ``sliding_window_view``: they must be the same."""
    source = text("convolution_windows")
    line = "    windows = sliding_window_view(X, (3, 3), axis=(2, 3))\n"
    assert source.count(line) == 1
    source = source.replace("du, windows)", "du, sliding_window_view(X, (3, 3), axis=(2, 3)))")
    found = judged(source.replace(line, STRIDED.format(shape=shape, strides=strides)))
    assert ({f.verdict for f in found} == {Verdict.PROBABLE}) == is_right
    assert (Verdict.REFUTED in {f.verdict for f in found}) != is_right


def at_once(factor):
    """The loops over places of ``conv2d_loop`` as one, with ``factor`` for the kernel."""
    source = text("conv2d_loop")
    loops = """        for i in range(dout.shape[1]):
            for j in range(dout.shape[2]):
                dkernels[f] += dout[f, i, j] * image[i : i + k, j : j + k]
                dimage[i : i + k, j : j + k] += dout[f, i, j] * kernels[f]
"""
    assert source.count(loops) == 1
    one = f"""        for i, j in np.ndindex(dout.shape[1], dout.shape[2]):
            dkernels[f] += dout[f, i, j] * image[i : i + k, j : j + k]
            dimage[i : i + k, j : j + k] += dout[f, i, j] * {factor}
"""
    return judged(source.replace(loops, one))


def test_places_that_are_gone_through_at_once_are_loops():
    found = at_once("kernels[f]")
    assert len(found) == LINES["conv2d_loop"]
    assert {f.verdict for f in found} == {Verdict.PROBABLE}


@pytest.mark.long
def test_slips_among_places_that_are_gone_through_at_once_are_refuted():
    """No repair is found, after all have been tried."""
    assert Verdict.REFUTED in {f.verdict for f in at_once("kernels[f].T")}


def of_times(count: str, more: str = "") -> str:
    """A recurrent network that goes through ``count`` times."""
    source = text("rnn_arrays")
    sizes = "N, T, D, H, K = 6, 4, 3, 5, 2\n"
    assert source.count(sizes) == 1
    return source.replace(sizes, f"N, T, D, H, K = 6, {count}, 3, 5, 2\n{more}")


@pytest.mark.parametrize(
    ("source", "is_short"),
    [
        (of_times("11"), True),
        (of_times("11", "count = 12\n"), False),
        (of_times("11", "width = 22\n"), False),
        (
            of_times("11", f"rows = np.array({[[n + 0.5] for n in range(11)]})\n").replace(
                "T, K)", "T, K) * rows", 1
            ),
            False,
        ),
    ],
)
def test_of_many_turns_a_few_stand_for_all(source, is_short):
    """Unless another number may mean the same, or something is as long without saying so."""
    report = verify_file("program.py", source, Options(seconds=60))
    notes = [said.facts for _, said in report.notes if said.key == "code.unread.shortened"]
    assert ({"count": "11", "few": "4"} in notes) == is_short
    assert Verdict.REFUTED not in {f.verdict for f in report.findings}
    if is_short:
        assert [f.verdict for f in report.findings] == [Verdict.PROBABLE] * LINES["rnn_arrays"]
        wrong = source.replace("dh = dout @ Why.T + dh_next", "dh = dout @ Why.T")
        assert Verdict.REFUTED in {f.verdict for f in judged(wrong)}
