"""Generated modules as a person uses them: training, files, the command line, and bad input."""

import ast
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from symbp.layers.dense import Dense
from symbp.losses.loss import Loss
from symbp.network import Network
from symbp.optimizers.optimizer import Optimizer
from symbp.optimizers.rule import RULES
from symbp.targets.numpy.module import NumpyTarget
from symbp.training import Table, Training
from tests.targets.planning import planned
from tests.targets.test_gradients import module_of

XOR = Network.of(
    "xor",
    2,
    [Dense(3, "sigmoid"), Dense(1, "sigmoid")],
    "binary_cross_entropy",
    Optimizer.of("sgd", 2.0),
    training=Training(epochs=3000),
    data=Table(((0, 0), (0, 1), (1, 0), (1, 1)), ((0,), (1,), (1,), (0,))),
)
LAYERS = [Dense(5, "tanh"), Dense(4, "softmax")]
LABELS = Network.of("labels", 3, LAYERS, "sparse_categorical_cross_entropy")
ONE_HOT = Network.of("one_hot", 3, LAYERS, "categorical_cross_entropy")
VALUES = Network.of("line", 1, [Dense(1)], "mean_squared_error")


@pytest.fixture(scope="module")
def xor():
    return module_of(XOR)


def test_xor_is_learnt_from_several_seeds(xor):
    learnt = 0
    for seed in range(5):
        params, history = xor.train(*xor.SAMPLES, seed=seed)
        learnt += xor.accuracy(params, *xor.SAMPLES) == 1
        assert history["loss"][-1] < history["loss"][0]
        assert len(history["loss"]) == len(history["w1"]) == 3000
    assert learnt >= 3


@pytest.mark.parametrize("name", RULES)
def test_every_optimizer_learns_a_line(name):
    line = module_of(VALUES)
    x = np.linspace(-1, 1, 20)[:, None]
    rate = 1.0 if name == "adagrad" else 0.02
    params, history = line.train(x, 3 * x + 1, optimizer=name, rate=rate, epochs=600, batch_size=8)
    assert history["loss"][-1] < 0.02 * history["loss"][0], name
    assert line.predict(params, [[0.5]])[0, 0] == pytest.approx(2.5, abs=0.3)


def test_training_is_reproducible_and_leaves_what_it_was_given(xor):
    start = xor.init_params(3)
    kept = {name: w.copy() for name, w in start.items()}
    runs = [xor.train(*xor.SAMPLES, params=start, epochs=20, batch_size=2) for _ in range(2)]
    for name, w in start.items():
        np.testing.assert_array_equal(runs[0][0][name], runs[1][0][name])
        np.testing.assert_array_equal(w, kept[name])


def test_patience_brings_the_best_parameters_back():
    line = module_of(VALUES)
    rng = np.random.default_rng(0)
    x = rng.normal(size=(30, 1))
    d = x + rng.normal(size=(30, 1))
    params, history = line.train(x, d, rate=0.5, epochs=200, batch_size=1, split=0.3, patience=5)
    assert len(history["loss"]) < 200
    assert len(history["validation"]) == len(history["loss"])
    held = np.random.default_rng(0).permutation(30)[:9]
    assert line.loss(params, x[held], d[held]) == pytest.approx(min(history["validation"]))


def test_clipping_and_decay_slow_training_down(xor):
    def way(**options):
        params, history = xor.train(*xor.SAMPLES, epochs=10, optimizer="sgd", **options)
        start = xor.init_params(0)
        return sum(np.abs(params[k] - start[k]).sum() for k in start), history

    free, _ = way()
    assert way(clip=1e-3)[0] < 0.1 * free
    slowed, history = way(schedule="inverse_time", decay=1.0)
    assert slowed < free
    assert history["rate"] == pytest.approx([2 / step for step in range(1, 11)])


@pytest.mark.parametrize("network", [XOR, LABELS, ONE_HOT, VALUES], ids=lambda n: n.name)
def test_float32_stays_float32(network):
    module = module_of(network)
    x, d = module.random_data(6)
    params, _ = module.train(x, d, epochs=2, dtype=np.float32, optimizer="adam", clip=1.0)
    x, d = module.check_data(x, d, np.float32)
    _, grads = module.loss_and_grads(params, x, d)
    for arrays in (params, grads, module.forward(params, x)._asdict()):
        assert {array.dtype for array in arrays.values()} == {np.dtype(np.float32)}


def test_labels_and_one_hot_rows_are_the_same_task():
    labels, one_hot = module_of(LABELS), module_of(ONE_HOT)
    x, t = labels.random_data(7)
    params = labels.init_params(1)
    rows = np.eye(4)[t]
    assert labels.loss(params, x, t) == pytest.approx(one_hot.loss(params, x, rows))
    left, right = labels.train(x, t, epochs=3), one_hot.train(x, t, epochs=3)
    for name in params:
        np.testing.assert_allclose(left[0][name], right[0][name], rtol=1e-12)


def test_samples_in_columns_and_turned_weights_give_the_same_numbers():
    plan = planned(ONE_HOT)
    rank2 = [line.equation.lhs.base.label.tensor for line in plan.forward]
    deltas = [
        line.equation.lhs.base.label.tensor
        for line in plan.backward
        if line.equation.id.startswith("delta")
    ]
    weights = [p.tensor for p in plan.parameters if len(p.tensor.axes) == 2]
    turned = dict.fromkeys([plan.input, *plan.targets, *rank2, *deltas, *weights], (1, 0))
    rows, columns = module_of(ONE_HOT), module_of(ONE_HOT, layout=turned)
    x, d = rows.random_data(6)
    params = rows.init_params(2)
    mirrored = {name: w.T if w.ndim == 2 else w for name, w in params.items()}
    value, grads = rows.loss_and_grads(params, x, d)
    other, turned_grads = columns.loss_and_grads(mirrored, x.T, d.T)
    assert other == pytest.approx(value, rel=1e-12)
    for name, grad in turned_grads.items():
        assert columns.SHAPES[name] == grad.shape
        np.testing.assert_allclose(grad.T, grads[name], rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(columns.predict(mirrored, x), rows.predict(params, x))
    assert max(columns.check_gradients(mirrored, x, d).values()) < 1e-6


@pytest.mark.parametrize("loss", ["half_squared_error", "sparse_categorical_cross_entropy"])
def test_equations_of_one_sample_train_too(loss):
    batch = Network.of("many", 3, LAYERS, loss)
    single = Network.of("one", 3, LAYERS, loss, batch=False)
    many, one = module_of(batch), module_of(single)
    x, d = many.random_data(5)
    if loss == "half_squared_error":
        d = np.random.default_rng(0).normal(size=(5, 4))
    params = many.init_params(1)
    value, grads = many.loss_and_grads(params, x, d)
    mean, means = one.rows_loss_and_grads(params, x, d)
    assert mean == pytest.approx(value)
    for name in grads:
        np.testing.assert_allclose(means[name], grads[name], atol=1e-14)
    np.testing.assert_allclose(one.predict(params, x), many.predict(params, x))
    assert one.train(x, d, epochs=2)[1]["loss"] == pytest.approx(
        many.train(x, d, epochs=2)[1]["loss"]
    )


def test_a_penalty_on_the_weights_is_part_of_the_loss():
    network = Network.of("small", 2, [Dense(3, "relu"), Dense(1)], Loss.of("huber", l2=0.1))
    module = module_of(network)
    x, d = module.random_data(4)
    params = {name: w + 0.1 for name, w in module.init_params(0).items()}
    penalty = 0.05 * sum((params[name] ** 2).sum() for name in ("w1", "w2"))
    assert module.loss(params, x, d) > penalty
    assert max(module.check_gradients(params, x, d).values()) < 1e-6


def test_a_wrong_gradient_is_found(xor, monkeypatch):
    right = xor.loss_and_grads

    def wrong(params, x, d):
        value, grads = right(params, x, d)
        return value, {**grads, "w1": 1.001 * grads["w1"]}

    monkeypatch.setattr(xor, "loss_and_grads", wrong)
    errors = xor.check_gradients(xor.init_params(0), *xor.random_data(4))
    assert errors["w1"] > 1e-6 > errors["w2"]


def test_parameters_survive_a_file(xor, tmp_path):
    params = xor.init_params(1, np.float32)
    xor.save(params, tmp_path / "a.npz")
    loaded = xor.load(tmp_path / "a.npz")
    assert list(loaded) == list(xor.SHAPES)
    for name, w in params.items():
        np.testing.assert_array_equal(loaded[name], w)
    assert [path.name for path in tmp_path.iterdir()] == ["a.npz"]


def test_a_divergence_is_told(xor):
    line = module_of(VALUES)
    x = np.linspace(-1, 1, 20)[:, None]
    with pytest.raises(line.Diverged, match="try a smaller rate"):
        line.train(x, x, rate=1e3, epochs=500)


BAD_DATA = [
    ("x", [[1, 2, 3]], [[1]], "x must have the shape (N, 2), not (1, 3)"),
    ("x flat", [1, 2], [[1]], "x must have the shape (N, 2), not (2,)"),
    ("d", [[1, 2]], [[1, 0]], "d must have the shape (1, 1), not (1, 2)"),
    ("NaN", [[1, np.nan]], [[1]], "x holds NaN or infinity"),
    ("infinity", [[1, 2]], [[np.inf]], "d holds NaN or infinity"),
    ("empty", np.zeros((0, 2)), np.zeros((0, 1)), "x holds no samples"),
    ("text", [["a", "b"]], [[1]], "x must hold numbers, not <U1"),
    ("ragged", [[1, 2], [1]], [[1], [0]], "the rows of x are not all of one length"),
    ("range", [[1, 2]], [[3]], "d must lie from 0 to 1, not from 3 to 3"),
]


@pytest.mark.parametrize(
    ("x", "d", "text"), [row[1:] for row in BAD_DATA], ids=[r[0] for r in BAD_DATA]
)
def test_bad_data_is_told(xor, x, d, text):
    with pytest.raises(xor.InputError) as caught:
        xor.train(x, d)
    assert str(caught.value) == text


BAD_SETTINGS = [
    ({"optimizer": "adm"}, "there is no optimizer 'adm', but sgd, momentum"),
    ({"schedule": "cosine"}, "there is no schedule 'cosine', but constant"),
    ({"epochs": 0}, "epochs must be a whole number, 1 or more, not 0"),
    ({"batch_size": 0}, "batch_size must be a whole number, 1 or more, not 0"),
    ({"split": 1.0}, "split must be a number from 0 to below 1, not 1.0"),
    ({"rate": float("nan")}, "rate must be a number above 0, not nan"),
    ({"clip": -1.0}, "clip must be a number above 0, not -1.0"),
    ({"options": {"beta": 1}}, "sgd has no option 'beta'"),
    ({"seed": -1}, "seed must be a whole number, 0 or more, not -1"),
    ({"decay": -0.5}, "decay must be a number, 0 or more, not -0.5"),
    ({"patience": 0}, "patience must be a whole number, 1 or more, not 0"),
    ({"params": {}}, "params lacks the array w1"),
    ({"params": {"w1": np.ones(3)}}, "w1 in params must have the shape (2, 3), not (3,)"),
]


@pytest.mark.parametrize(("options", "text"), BAD_SETTINGS, ids=[row[1] for row in BAD_SETTINGS])
def test_bad_settings_are_told(xor, options, text):
    with pytest.raises(xor.InputError) as caught:
        xor.train(*xor.SAMPLES, **options)
    assert str(caught.value).startswith(text)


@pytest.mark.parametrize(
    ("t", "text"),
    [
        ([0, 4], "the labels in d must be whole numbers from 0 to 3"),
        ([0, -1], "the labels in d must be whole numbers from 0 to 3"),
        ([0.5, 1], "the labels in d must be whole numbers from 0 to 3"),
        ([0], "d must have the shape (2,), not (1,)"),
    ],
)
def test_bad_labels_are_told(t, text):
    module = module_of(LABELS)
    with pytest.raises(module.InputError) as caught:
        module.train(np.ones((2, 3)), t)
    assert str(caught.value) == text


def test_one_hot_rows_must_sum_up_to_one():
    module = module_of(ONE_HOT)
    with pytest.raises(module.InputError, match="sum up to 1"):
        module.train(np.ones((1, 3)), [[1, 1, 0, 0]])
    with pytest.raises(module.InputError, match="from 0 to 3"):
        module.train(np.ones((1, 3)), [7])


# ---------------------------------------------------------------- the command line


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with the modules, good data, and files that are broken in many ways."""
    home = tmp_path_factory.mktemp("generated")
    for network in (XOR, LABELS):
        text = NumpyTarget().module(planned(network))
        (home / f"{network.name}_numpy.py").write_text(text, encoding="utf-8")
    rng = np.random.default_rng(0)
    x, t = rng.normal(size=(20, 3)), rng.integers(0, 4, 20)
    np.savez(home / "good.npz", x=x, d=t)
    np.savez(home / "inputs.npz", x=x)
    np.savez(home / "named.npz", features=x)
    np.savez(home / "nan.npz", x=np.full((2, 3), np.nan), d=[0, 1])
    np.savez(home / "range.npz", x=x, d=t + 1)
    np.savez(home / "objects.npz", x=np.array([[{}, {}, {}]], dtype=object), d=[0])
    np.savez(home / "words.npz", x=np.array([["a", "b", "c"]]), d=[0])
    np.savez(home / "wide.npz", x=np.ones((2, 9)), d=[0, 1])
    np.savez(home / "nothing.npz", x=np.ones((0, 3)), d=np.zeros(0, int))
    (home / "torn.npz").write_bytes((home / "good.npz").read_bytes()[:100])
    (home / "text.npz").write_text("no archive", encoding="utf-8")
    rows = "\n".join(f"{a},{b},{c},{d}" for (a, b, c), d in zip(x, t, strict=True))
    (home / "good.csv").write_text(f"one,two,three,class\n{rows}\n", encoding="utf-8")
    (home / "bad.csv").write_text("1,2,3,0\n1,2,x,0\n", encoding="utf-8")
    (home / "ragged.csv").write_text("1,2,3,0\n1,2,3\n", encoding="utf-8")
    (home / "first.csv").write_text("1,,3,0\n1,2,3,0\n", encoding="utf-8")
    (home / "extra.csv").write_text("1,2,3,0,1\n1,2,3,0,1\n", encoding="utf-8")
    (home / "UPPER.CSV").write_text(f"\n\none,two,three,class\n\n{rows}\n", encoding="utf-8")
    (home / "folder.npz").mkdir()
    (home / "empty.csv").write_text("", encoding="utf-8")
    return home


def command(folder, *words):
    return subprocess.run(
        [sys.executable, *words], cwd=folder, capture_output=True, text=True, check=False
    )


def test_the_main_job(folder):
    done = command(folder, "xor_numpy.py", "train")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[1:] == ["accuracy 100.00%", "parameters in xor.npz"]
    (folder / "questions.csv").write_text("0,1\n1,1\n", encoding="utf-8")
    answer = command(folder, "xor_numpy.py", "predict", "questions.csv")
    assert [float(line) > 0.5 for line in answer.stdout.split()] == [True, False]
    assert command(folder, "xor_numpy.py", "check").returncode == 0
    learnt = command(
        folder, "labels_numpy.py", "train", "good.csv", "--epochs", "5", "--split", "0.2"
    )
    assert learnt.returncode == 0, learnt.stderr
    assert command(folder, "labels_numpy.py", "check", "good.npz").returncode == 0
    assert (
        len(command(folder, "labels_numpy.py", "predict", "inputs.npz").stdout.splitlines()) == 20
    )


def test_a_table_may_have_a_heading_blank_lines_and_a_name_in_capitals(folder):
    read = module_of(LABELS).read_data
    for mine, plain in zip(read(folder / "UPPER.CSV"), read(folder / "good.csv"), strict=True):
        np.testing.assert_array_equal(mine, plain)


BAD_COMMANDS = [
    (["train", "none.npz"], "none.npz: No such file or directory"),
    (["train", "none.csv"], "none.csv: No such file or directory"),
    (["train", "torn.npz"], "torn.npz is no .npz file of plain arrays"),
    (["train", "text.npz"], "text.npz is no .npz file of plain arrays"),
    (["train", "objects.npz"], "objects.npz is no .npz file of plain arrays"),
    (["train", "named.npz"], "named.npz lacks the array x; it holds features"),
    (["train", "inputs.npz"], "inputs.npz holds no targets d"),
    (["train", "nan.npz"], "x holds NaN or infinity"),
    (["train", "range.npz"], "the labels in d must be whole numbers from 0 to 3"),
    (["train", "words.npz"], "x must hold numbers, not <U1"),
    (["train", "wide.npz"], "x must have the shape (N, 3), not (2, 9)"),
    (["train", "nothing.npz"], "x holds no samples"),
    (["train", "bad.csv"], "bad.csv, line 2: not numbers: 1,2,x,0"),
    (["train", "ragged.csv"], "the lines of ragged.csv are not all of one length"),
    (["train", "first.csv"], "first.csv, line 1: not numbers: 1,,3,0"),
    (["train", "extra.csv"], "d must have the shape (2,), not (2, 2)"),
    (["train", "empty.csv"], "empty.csv holds no samples"),
    (["train", "good.npz", "--epochs", "0"], "epochs must be a whole number, 1 or more, not 0"),
    (["train", "good.npz", "--params", "no/where.npz"], "no/where.npz cannot be written"),
    (["train", "good.npz", "--params", "folder.npz"], "folder.npz cannot be written"),
    (["train", "good.npz", "--params", ""], ". cannot be written"),
    (["train", "good.npz", "--split", "0.99"], "split 0.99 leaves no samples to learn from"),
    (["predict", "good.npz", "--params", "none.npz"], "none.npz: No such file or directory"),
    (["predict", "good.npz", "--params", "good.npz"], "good.npz lacks the array w1; it holds x, d"),
]


@pytest.mark.parametrize(
    ("words", "text"), BAD_COMMANDS, ids=[" ".join(w) for w, _ in BAD_COMMANDS]
)
def test_what_cannot_be_used_gets_one_line_and_exit_code_2(
    folder, words, text, monkeypatch, capsys
):
    monkeypatch.chdir(folder)
    module = module_of(LABELS)
    assert module.main(words) == 2
    assert capsys.readouterr().err.splitlines() == [f"error: {text}"]


def test_a_module_imports_numpy_and_the_standard_library_alone(folder):
    tree = ast.parse((folder / "labels_numpy.py").read_text(encoding="utf-8"))
    imported = {
        (node.module if isinstance(node, ast.ImportFrom) else node.names[0].name).split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
    }
    assert imported <= {"numpy", *sys.stdlib_module_names}


@pytest.mark.parametrize(
    ("style", "widths"), [("plain", (3, 300)), ("fast", (3, 30)), ("fast", (300, 3000))]
)
def test_no_unit_is_unrolled(style, widths):
    """Narrow layers are computed otherwise than wide ones, in fast modules."""
    lengths = set()
    for width in widths:
        network = Network.of("wide", width, [Dense(width + 1, "relu"), Dense(width + 2)])
        plan = replace(planned(network), style=style)
        lengths.add(len(NumpyTarget().module(plan).splitlines()))
    assert len(lengths) == 1


def test_fifty_layers_stay_within_the_margin():
    network = Network.of("deep", 3, [Dense(4, "tanh") for _ in range(50)])
    text = NumpyTarget().module(planned(network))
    assert max(map(len, text.splitlines())) <= 100
    ast.parse(text)
