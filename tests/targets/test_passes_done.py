"""The header of a fast module: which passes did something, and which were left out."""

import re
from functools import cache

import pytest

from symbp import Dense, Network
from symbp.pipeline import derive
from symbp.targets.numpy.module import identifiers
from symbp.targets.numpy.passes import Passes
from symbp.targets.numpy.scheduled import INNERMOST, LAYERS, LYING, PASSES, ROOMS, Schedule
from symbp.targets.numpy.shapes import Shapes
from symbp.targets.numpy.stepping import VIEWS, Stepping
from symbp.targets.styles import SWITCHES
from tests.targets.test_fast import made


@cache
def planned(name):
    if name == "deep":
        return derive(Network.of("deep", 3, [*[Dense(4, "tanh")] * 6, Dense(2)])).planned()
    return made(name).planned()


@cache
def stepping(name, *without):
    plan = planned(name)
    names = identifiers(plan)
    return Stepping(Schedule(Passes(plan, names, Shapes(plan, names)), without))


@cache
def code(name, *without):
    step = stepping(name, *without)
    return [*step.before, *step.code]


def test_every_switch_is_something_that_is_done():
    assert {*PASSES, INNERMOST, LAYERS, LYING, ROOMS, VIEWS} == SWITCHES.keys()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["xor", "digits", "lenet", "LSTM", "attention", "deep"])
def test_what_is_told_to_be_done_makes_a_difference_and_nothing_else_does(name):
    different = {switch for switch in SWITCHES if code(name, switch) != code(name)}
    assert stepping(name).done == different


def test_the_header_tells_what_was_done_and_what_was_left_out():
    text = made("digits").emit(without=("rooms", "sums"))
    header = text.partition("def prepared")[2].split('"""')[1]
    done = stepping("digits", "rooms", "sums").done
    assert {"picked", "common"} <= done < SWITCHES.keys() - {"rooms", "sums"}
    assert [name for name in SWITCHES if f"\n        {name:<10}  {SWITCHES[name]}\n" in header] == [
        name for name in SWITCHES if name in done
    ]
    assert "What is left out: sums, rooms." in header
    assert "left out" not in made("digits").emit()


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ({"style": "quick"}, "'quick' is no style: there are fast, plain"),
        ({"without": ("sum",)}, "'sum' is no pass: there are split"),
        ({"without": "sums"}, "are a tuple: ('sums',)"),
    ],
)
def test_words_that_are_none_are_said(how, told):
    with pytest.raises((TypeError, ValueError), match=re.escape(told)):
        derive("xor").emit(**how)
