"""Specifications in TOML: networks, and everything that is wrong with one at once."""

import tomllib
from pathlib import Path

import pytest
from sympy import Symbol

import symbp.gallery
from symbp.activations.activation import U
from symbp.activations.custom import activation
from symbp.activations.table import named
from symbp.errors import SpecErrors
from symbp.layers.dense import Dense
from symbp.losses.loss import Loss
from symbp.network import Network
from symbp.optimizers.optimizer import Optimizer
from symbp.specification.positions import positions
from symbp.specification.reader import parse_network, read_network
from symbp.training import Table, Title, Training

GOOD = """\
name = "good"
inputs = 2
title = "Good"

[activations]
cube = "u^3"
scaled = { expression = "a * u", constants = { a = 2 }, outputs = [0, 1], gain = "he" }

[[layers]]
kind = "dense"
units = 3
activation = "elu"
alpha = 0.5
bias = false

[[layers]]
units = 4
activation = "cube"

[[layers]]
units = 1
activation = "scaled"

[loss]
name = "binary_cross_entropy"
reduction = "sum"
l2 = 0.1

[optimizer]
name = "adam"
rate = 0.01
beta1 = 0.8
schedule = "exponential"
decay = 0.001
clip = 1

[training]
epochs = 5
batch_size = 2
seed = 3
init = "normal"
init_scale = 0.5

[data]
x = [[0, 1], [1, 0]]
d = [[0], [1]]
"""


def test_everything_that_can_be_said():
    scaled = activation("scaled", U * Symbol("a"), (0, 1), "he", a=2)
    assert parse_network(GOOD) == Network.of(
        "good",
        inputs=2,
        layers=[
            Dense(3, named("elu", alpha=0.5), bias=False),
            Dense(4, activation("cube", U**3)),
            Dense(1, scaled),
        ],
        loss=Loss.of("binary_cross_entropy", "sum", 0.1),
        optimizer=Optimizer.of("adam", 0.01, "exponential", 0.001, 1.0, beta1=0.8),
        training=Training(5, 2, 3, "normal", 0.5),
        data=Table(((0, 1), (1, 0)), ((0,), (1,))),
        title=Title("Good", "Good"),
    )


def test_the_least_that_must_be_said():
    text = 'name = "least"\ninputs = 1\nloss = "huber"\n[[layers]]\nunits = 1\n'
    assert parse_network(text) == Network.of("least", 1, [Dense(1)], "huber")


def wrong(text):
    with pytest.raises(SpecErrors) as caught:
        parse_network(text, "n.toml")
    assert {fault.file for fault in caught.value.faults} == {"n.toml"}
    return [(fault.line, fault.column, fault.code) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('"good"', '"Good"', [(1, 8, "name_form")]),
        ('"good"', '"lambda"', [(1, 8, "name_keyword")]),
        ('"good"', '"a\\"\\nimport os"', [(1, 8, "name_form")]),
        ('"good"', "1", [(1, 8, "name_form")]),
        ('name = "good"\n', "", [(1, 1, "missing_key")]),
        ("inputs = 2", "input = 2", [(1, 1, "missing_key"), (2, 1, "unknown_key")]),
        ("inputs = 2", "inputs = 0", [(2, 10, "size_positive")]),
        ("inputs = 2", "inputs = true", [(2, 10, "size_type")]),
        ("inputs = 2", "inputs = 2.0", [(2, 10, "size_type")]),
        ("inputs = 2", "inputs = 99_999_999_999", [(2, 10, "size_huge")]),
        ("inputs = 2", "inputs = 3", [(45, 6, "row_length"), (45, 14, "row_length")]),
        ("cube =", "relu =", [(6, 1, "name_taken"), (18, 14, "unknown_activation")]),
        ("cube =", '"im port" =', [(6, 1, "name_form"), (18, 14, "unknown_activation")]),
        ('"u^3"', '"u^x"', [(6, 11, "formula_name")]),
        ('"u^3"', "'u^3 3'", [(6, 13, "formula_expected")]),
        ('"u^3"', "3", [(6, 8, "type")]),
        ('"u^3"', '"3"', [(6, 8, "formula_no_variable")]),
        ("{ a = 2 }", "{ eta = 2 }", [(7, 26, "formula_name"), (7, 48, "name_reserved")]),
        ("{ a = 2 }", "{ a = inf }", [(7, 52, "not_finite")]),
        ("[0, 1], gain", "[1, 0], gain", [(7, 67, "outputs_order")]),
        ("[0, 1], gain", "[0, 9], gain", [(22, 14, "loss_of_outputs")]),
        ('"he"', '"hee"', [(7, 82, "unknown_word")]),
        ('"dense"', '"conv"', [(10, 8, "unknown_layer")]),
        ("units = 3", "unit = 3", [(9, 1, "missing_key"), (11, 1, "unknown_key")]),
        ("units = 3", "units = -3", [(11, 9, "size_positive")]),
        ('"elu"', '"eluu"', [(12, 14, "unknown_activation")]),
        ("alpha = 0.5", 'alpha = "0.5"', [(13, 9, "type")]),
        ("bias = false", "bias = 0", [(14, 8, "type")]),
        ('"scaled"', '"softmax"', [(22, 14, "softmax_of_one")]),
        ('name = "binary_cross_entropy"', "", [(24, 1, "missing_key")]),
        ('"binary_cross_entropy"', '"mse"', [(25, 8, "unknown_loss")]),
        ('"sum"', '"summ"', [(26, 13, "unknown_word")]),
        ("l2 = 0.1", "l2 = -0.1", [(27, 6, "number_negative")]),
        ("l2 = 0.1", "l2 = nan", [(27, 6, "not_finite")]),
        ('"adam"', '"adamm"', [(30, 8, "unknown_optimizer")]),
        ("rate = 0.01", "rate = 1e300", [(31, 8, "number_large")]),
        ("beta1 = 0.8", "beta1 = 1.0", [(32, 9, "number_below_one")]),
        ("beta1", "beta3", [(32, 1, "unknown_key")]),
        ("epochs = 5", "epochs = 0", [(38, 10, "number_positive")]),
        ("seed = 3", "seed = 3.5", [(40, 8, "type")]),
        ("[training]", "[trainning]", [(37, 2, "unknown_key")]),
        ("[[0], [1]]", "[[0], [2]]", [(46, 12, "target_range")]),
        ("[[0], [1]]", "[[0]]", [(46, 5, "rows_differ")]),
        ("[[0], [1]]", "[0, 1]", [(46, 6, "target_row"), (46, 9, "target_row")]),
        ("[[0], [1]]", '[[0], ["1"]]', [(46, 12, "type")]),
        ("[[0, 1], [1, 0]]", "[]", [(45, 5, "no_samples"), (46, 5, "rows_differ")]),
        ("d = [[0], [1]]", "", [(44, 1, "missing_key")]),
        ("d = [[0], [1]]", "d =", [(46, 4, "toml")]),
        ("d = [[0], [1]]", "d = [[0], [1]", [(47, 1, "toml")]),
        ("units = 4", "units = 4\nunits = 4", [(18, 10, "toml")]),
        (GOOD, "", [(1, 1, "missing_key")] * 4),
        (
            GOOD,
            "depth = 3\nlayers = 3",
            [*[(1, 1, "missing_key")] * 3, (1, 9, "type"), (2, 10, "type")],
        ),
    ],
)
def test_one_thing_wrong(old, new, expected):
    assert old in GOOD
    assert wrong(GOOD.replace(old, new, 1)) == expected


def test_all_that_is_wrong_is_told_at_once():
    text = GOOD.replace("inputs = 2", "inputs = -2").replace('"elu"', '"elo"')
    text = text.replace('"sum"', '"som"').replace("[1, 0]]", "[1]]").replace("epochs", "epoch")
    assert [code for _, _, code in wrong(text)] == [
        "size_positive",
        "unknown_activation",
        "unknown_word",
        "unknown_key",
    ]


FORM = """\
name = "form"
depth = "general"
loss = "half_squared_error"
[[layers]]
activation = "general"
[[layers]]
[instance]
inputs = 2
units = [3, 1]
"""


def test_a_form():
    made = parse_network(FORM)
    assert made.is_general
    assert made.concrete == Network.of("form", 2, [Dense(3, "tanh"), Dense(1)])


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('"general"\nl', '"any"\nl', [(2, 9, "unknown_word")]),
        ("[[layers]]\n[inst", "[inst", [(4, 1, "form_layers")]),
        ('activation = "general"', "units = 3", [(5, 9, "form_units")]),
        ("[instance]", "[instances]", [(1, 1, "missing_key"), (7, 2, "unknown_key")]),
        ("inputs = 2", "", [(7, 1, "missing_key")]),
        ("[3, 1]", "[3]", [(9, 9, "instance_units")]),
        ("[3, 1]", "[0, 1]", [(9, 10, "size_positive")]),
        ("[3, 1]", '[3, 1]\nactivation = "tahn"', [(10, 14, "unknown_activation")]),
        ('"half_squared_error"', '"binary_cross_entropy"', [(6, 1, "loss_of_outputs")]),
    ],
)
def test_a_form_with_something_wrong(old, new, expected):
    assert wrong(FORM.replace(old, new, 1)) == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (None, (None, None, "file_missing")),
        (b'name = "a"\nx = "\xff"', (2, 6, "file_encoding")),
        (b"#" * 1_000_001, (None, None, "file_large")),
        (b"\xef\xbb\xbfname = 3x", (1, 9, "toml")),
        (b"a = " + b"[" * 50_000, (1, 1, "toml_deep")),
    ],
)
def test_files_that_cannot_be_read(tmp_path, content, expected):
    path = tmp_path / "network.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SpecErrors) as caught:
        read_network(path)
    (fault,) = caught.value.faults
    assert (fault.line, fault.column, fault.code) == expected
    assert fault.file == str(path)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="there is no endless file")
def test_an_endless_file_is_a_large_one():
    with pytest.raises(SpecErrors) as caught:
        read_network("/dev/zero")
    assert [fault.code for fault in caught.value.faults] == ["file_large"]


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(SpecErrors) as caught:
        read_network(tmp_path)
    assert [fault.code for fault in caught.value.faults] == ["file_folder"]


TRICKY = """\
a.b = 1
"quo ted".'x' = '''
[no]
''' # [neither]
list = [ # comment ]
  [1, "]"], { k = 2, "}" = [3] },
]
[t.u]
v = 1979-05-27T07:32:00Z
[[t.list]]
w = \"\"\"a "quoted" \\"\"\" end\"\"\"
[[t.list]]
w = 2
[t.list.inner]
x = 'y'
"""


TEXTS = [TRICKY, GOOD, FORM]
TEXTS += [p.read_text() for p in Path(symbp.gallery.__file__).parent.glob("*.toml")]


@pytest.mark.parametrize("text", TEXTS)
def test_every_value_has_its_place(text):
    found = positions(text)
    lists = {("layers",), ("t",), ("t", "list")}
    for path in paths_of(tomllib.loads(text)):
        if path and path not in lists:
            assert path in found.values, path
            if isinstance(path[-1], str):
                assert path[-1] in text[found.keys[path] :].split("\n")[0]


def paths_of(tables):
    if not isinstance(tables, (dict, list)):
        return
    items = tables.items() if isinstance(tables, dict) else enumerate(tables)
    for key, inner in items:
        yield (key,)
        for rest in paths_of(inner):
            yield (key, *rest)


@pytest.mark.parametrize(
    ("path", "line", "column"),
    [
        (("a", "b"), 1, 7),
        (("quo ted", "x"), 2, 17),
        (("list", 0, 1), 6, 7),
        (("list", 1, "k"), 6, 19),
        (("list", 1, "}", 0), 6, 29),
        (("t", "u", "v"), 9, 5),
        (("t", "list", 0, "w"), 11, 5),
        (("t", "list", 1, "w"), 13, 5),
        (("t", "list", 1, "inner", "x"), 15, 5),
    ],
)
def test_places(path, line, column):
    offset = positions(TRICKY).values[path]
    before = TRICKY[:offset]
    assert (before.count("\n") + 1, offset - before.rfind("\n")) == (line, column)
