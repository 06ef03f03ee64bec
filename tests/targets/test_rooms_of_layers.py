"""Rooms of layers that are alike: nothing is overwritten that is still read, and few are shared."""

import pytest

from symbp import Dense, Network, derive
from symbp.equations.equation import Equation
from symbp.equations.tensor import Tensor
from symbp.lowering.arrays import Assign, Name, names_in
from symbp.lowering.passes.turns import Turns, turns
from symbp.targets.numpy.module import identifiers
from symbp.targets.numpy.passes import Passes
from symbp.targets.numpy.scheduled import Schedule
from symbp.targets.numpy.shapes import Shapes
from tests.targets.test_folding import NETWORKS, UNFOLDED


def schedule(network):
    plan = derive(network).planned()
    names = identifiers(plan)
    return Schedule(Passes(plan, names, Shapes(plan, names)))


@pytest.mark.parametrize("name", [name for name in NETWORKS if name not in UNFOLDED])
def test_what_is_read_is_what_was_written_last(name):
    made = schedule(NETWORKS[name]())
    assert made.turns
    first, holds = {}, {}
    for statement in made.each:
        of, value = statement.target.of, statement.value
        for each in names_in(value) & made.places.keys():
            room = made.places[each]
            assert holds[room] == first[each], each
        if of in made.places:
            room = made.places[of]
            same = isinstance(value, Name) and made.places.get(value.of) == room
            first[of] = first[value.of] if same else first.get(of, of)
            holds[room] = first[of]


def test_what_a_layer_needs_for_itself_alone_is_in_one_room_for_all():
    counts = []
    for depth in (6, 12):
        layers = [*[Dense(4, "tanh")] * depth, Dense(2)]
        rooms = set(schedule(Network.of("net", 3, layers)).places.values())
        counts.append((sum(room.layer is None for room in rooms), len(rooms)))
    (alone, few), (still, many) = counts
    assert alone == still
    assert many - few == 6  # the activation, for the way back; its δ comes to lie there


UP, BACK = Turns(4, 3, (2, 9, 16)), Turns(20, 5, (21, 14, 7))


def test_places_of_a_turn():
    assert UP.stop == 13
    assert UP.bounds == [(4, 7), (7, 10), (10, 13)]
    assert UP.like(8) == [5, 8, 11]
    assert [UP.layer(8), UP.end(8), UP.end(9), UP.end(10)] == [9, 10, 10, 13]


@pytest.mark.parametrize(
    ("one", "other", "beside"),
    [
        (BACK, UP, [2, 1, 0]),
        (UP, UP, [0, 1, 2]),
        (Turns(20, 5, (14, 7)), UP, [2, 1]),
        (Turns(20, 5, (28, 21, 14, 7)), UP, None),
        (Turns(20, 5, (21, 15, 9)), UP, None),
        (Turns(20, 5, (9, 16)), UP, [1, 2]),
    ],
)
def test_the_same_layer_is_met_again(one, other, beside):
    assert one.beside(other) == beside


def statements(*equations):
    return [Assign(Name(Tensor(f"t{k}")), Name(Tensor("x")), e) for k, e in enumerate(equations)]


A, B, C, D = (Equation(name, Tensor(name).entry, Tensor("x").entry) for name in "ABCD")


@pytest.mark.parametrize(
    ("equations", "found"),
    [
        ((A, A, B, B, C), [Turns(0, 2, (3, 4))]),
        ((C, A, B, D), [Turns(1, 1, (3, 4))]),
        ((A, A, B), []),  # not as many for each
        ((A, C, B), []),  # something else in between
        ((A, B, A, B), []),  # one beside the other
        ((B, A), []),
        ((C, D), []),
    ],
)
def test_layers_follow_each_other(equations, found):
    assert turns(statements(*equations), [[(3, [A]), (4, [B])]]) == found
