"""Networks: from layers and a loss to a program."""

import pickle

import pytest
from sympy import Integer

from symbp.equations.axis import L, l, total
from symbp.equations.calculus import Functional
from symbp.equations.tensor import Role, tensor_of
from symbp.errors import SpecErrors
from symbp.layers.dense import Dense
from symbp.layers.layer import SAMPLE, Initialiser, units
from symbp.losses.loss import Loss
from symbp.network import Network
from symbp.training import Table, Training

XOR = Table(((0, 0), (0, 1), (1, 0), (1, 1)), ((0,), (1,), (1,), (0,)))


def network(*layers, loss="half_squared_error", **others):
    return Network.of("test", inputs=2, layers=layers, loss=loss, **others)


def test_the_first_layer_line_by_line():
    program = network(Dense(3), Dense(1)).program()
    u, z = program.equations[:2]
    n, i, j = SAMPLE.index("n"), units(Integer(0)).index("i"), units(Integer(1)).index("j")
    assert (u.id, z.id) == ("u@1", "z@1")
    by_role = {t.role: t for t in program.inputs if t.place in {0, 1}}
    weight, bias = by_role[Role.WEIGHT], by_role[Role.BIAS]
    assert u.rhs == total(weight[i, j] * by_role[Role.ACTIVATION][n, i], i) + bias[j]
    assert z.rhs == u.lhs


@pytest.mark.parametrize(
    ("made", "ids"),
    [
        (network(Dense(1)), ["u@1", "z@1", "E"]),
        (network(Dense(3), Dense(1)), ["u@1", "z@1", "u@2", "z@2", "E"]),
        (network(Dense(1), loss=Loss.of("huber", l2=0.1)), ["u@1", "z@1", "D", "R", "E"]),
    ],
)
def test_ids(made, ids):
    assert [equation.id for equation in made.program().equations] == ids


def test_without_a_batch_there_is_no_sample_anywhere():
    made = network(Dense(3, "softmax"), loss="categorical_cross_entropy", batch=False)
    tensors = {*made.program().inputs, *made.program().definitions}
    assert not any(SAMPLE in tensor.axes for tensor in tensors)


def test_sizes_and_parameters():
    made = network(Dense(3, "relu"), Dense(1, "tanh", bias=False))
    assert made.sizes() == {units(Integer(p)): n for p, n in enumerate((2, 3, 1))}
    found = [(p.tensor.name, int(p.tensor.place), p.initialiser) for p in made.parameters()]
    he, glorot, zeros = Initialiser("he"), Initialiser("glorot"), Initialiser("zeros")
    assert found == [("w", 1, he), ("b", 1, zeros), ("w", 2, glorot)]


def test_an_initialiser_of_the_user_is_for_weights():
    made = network(Dense(3, "relu"), training=Training(init="normal", init_scale=0.1))
    assert [p.initialiser for p in made.parameters()] == [
        Initialiser("normal", 0.1),
        Initialiser("zeros"),
    ]


def test_a_constant_that_all_layers_share_has_no_place():
    made = network(Dense(3, "elu"), Dense(2, "elu"), Dense(1))
    assert [(t.name, t.place, v) for t, v in made.constants().items()] == [("alpha", None, 1.0)]


def test_constants_that_differ_have_their_places():
    made = network(Dense(3, "elu"), Dense(2, "leaky_relu"), loss=Loss.of("huber", l2=0.5))
    values = {(t.name, t.place): value for t, value in made.constants().items()}
    assert values == {
        ("alpha", 1): 1.0,
        ("alpha", 2): 0.01,
        ("kappa", None): 1.0,
        ("lam", None): 0.5,
    }
    assert set(made.constants()) <= set(made.program().inputs)


def test_the_program_asks_for_input_target_parameters_and_constants_only():
    made = network(Dense(3, "elu"), Dense(2, "softmax"), loss="sparse_categorical_cross_entropy")
    asked = {made.input, made.target, *made.constants(), *(p.tensor for p in made.parameters())}
    assert set(made.program().inputs) == asked
    assert made.prediction in made.program().definitions


def general():
    form = (Dense(None, "general"), Dense())
    instance = network(Dense(4, "tanh"), Dense(1))
    return Network(
        "form", None, form, Loss.of("half_squared_error"), batch=False, instance=instance
    )


def test_windows():
    windows = general().windows()
    assert [e.id for e in windows.output.equations] == ["u@L", "z@L", "E"]
    assert [e.id for e in windows.hidden.equations] == ["u@l", "z@l", "u@l + 1", "E"]
    k = units(l + 1).index("k")
    (entry,) = windows.hidden.equations[-1].rhs.entries
    assert isinstance(windows.hidden.equations[-1].rhs, Functional)
    assert (tensor_of(entry).place, entry.indices) == (l + 1, (k,))


def test_the_form_and_its_instance():
    made = general()
    assert (made.depth, made.last, made.inputs) == (L, L, None)
    assert made.concrete.depth == 2
    assert made.program() == made.concrete.program()
    assert made.sizes() == made.concrete.sizes()


@pytest.mark.parametrize(
    ("make", "found"),
    [
        (lambda: Dense(0), [("size_positive", ("units",))]),
        (lambda: Dense(2.0), [("size_type", ("units",))]),
        (
            lambda: Dense(True, "rulu"),
            [("size_type", ("units",)), ("unknown_activation", ("activation",))],
        ),
        (lambda: Dense(10**7), [("size_huge", ("units",))]),
        (network, [("no_layers", ("layers",))]),
        (lambda: network(Dense()), [("missing_key", ("layers", 0))]),
        (
            lambda: network(Dense(1, "tanh"), loss="binary_cross_entropy"),
            [("loss_of_outputs", ("layers", 0, "activation"))],
        ),
        (
            lambda: network(Dense(1, "softmax"), loss="categorical_cross_entropy"),
            [("softmax_of_one", ("layers", 0, "activation"))],
        ),
        (
            lambda: network(Dense(10**6), Dense(10**6)),
            [("too_many_weights", ("layers", 1, "units"))],
        ),
        (lambda: network(Dense(2), data=XOR), [("row_length", ("data", "d", n)) for n in range(4)]),
        (lambda: network(Dense(2), data="digit"), [("unknown_dataset", ("data",))]),
        (lambda: Network.of("1a", 0, [Dense(1)]),
         [("name_form", ("name",)), ("size_positive", ("inputs",))]),
        (lambda: Network.of("a", 1, [Dense(1)], batch=False,
                            instance=network(Dense(1))),
         [("form_layers", ("layers",))]),
        (lambda: Training(epochs=0, seed=-1, init="xavier"),
         [("number_positive", ("epochs",)), ("number_negative", ("seed",)),
          ("unknown_word", ("init",))]),
    ],
)  # fmt: skip
def test_bad_networks(make, found):
    with pytest.raises(SpecErrors) as caught:
        make()
    assert [(fault.code, fault.path) for fault in caught.value.faults] == found


def test_a_network_can_be_pickled():
    made = network(Dense(3, "elu"), Dense(2, "softmax"), loss="categorical_cross_entropy")
    assert pickle.loads(pickle.dumps(made)) == made


@pytest.mark.parametrize(
    ("parts", "word"),
    [
        (("half_squared_error",), "no Loss"),
        ((Loss.of("half_squared_error"), "adam"), "no Optimizer"),
    ],
)
def test_words_are_for_another_way_to_declare(parts, word):
    with pytest.raises(TypeError, match=rf"{word}: Network\.of takes words"):
        Network("net", 2, (Dense(1),), *parts)
