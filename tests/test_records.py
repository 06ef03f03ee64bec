"""A record is a dataclass, frozen, in all that can be asked of it."""

import copy
import dataclasses
import inspect
import pickle
from dataclasses import FrozenInstanceError, field, fields, replace

import pytest

from symbp.records import dataclass


def classes(decorate):
    """The same classes, by one decorator or the other."""

    @decorate(frozen=True)
    class Base:
        a: int
        b: list[int] = field(default_factory=list, hash=False)

    @decorate(frozen=True)
    class Derived(Base):
        c: str = "c"
        d: int = field(default=4, compare=False, repr=False)
        e: int = field(default=5, kw_only=True)
        f: int = field(default=6, init=False)
        g: list[int] = field(default_factory=list, init=False)

        def __post_init__(self):
            if self.a < 0:
                raise ValueError(self.a)

    @decorate(frozen=True)
    class Empty:
        pass

    @decorate(frozen=True)
    class Own:
        a: int
        b: int = 2

        def __hash__(self):
            return 7

        def __repr__(self):
            return "own"

    @decorate(frozen=True)
    class Equal:  # noqa: PLW1641
        a: int

        def __eq__(self, other):
            return True

    return Base, Derived, Empty, Own, Equal


BOTH = list(zip(classes(dataclass), classes(dataclasses.dataclass), strict=True))
GIVEN = [
    (0, (1,), {}),
    (0, (1, [2]), {}),
    (0, (), {"b": [3], "a": 1}),
    (1, (1, [2], "x"), {"e": 6}),
    (1, (1, [2], "x", 9), {}),
    (1, (1,), {"d": 3}),
    (2, (), {}),
    (3, (1,), {}),
    (4, (1,), {}),
]
WRONG = [(0, (), {}), (0, (1, [], 3), {}), (0, (1,), {"z": 2}), (1, (1, [], "c", 4, 5), {})]


def told(text):
    """What was said, of either class."""
    return text.replace(".<locals>", "")


@pytest.mark.parametrize(("which", "args", "given"), GIVEN)
def test_it_does_what_pythons_own_does(which, args, given):
    quick, plain = (cls(*args, **given) for cls in BOTH[which])
    assert told(repr(quick)) == told(repr(plain))
    assert vars(quick) == vars(plain)
    again = BOTH[which][0](*args, **given)
    assert quick == again
    assert quick != plain or which == 4
    assert replace(quick) == quick
    assert copy.copy(quick) == quick
    assert type(quick).__match_args__ == type(plain).__match_args__
    assert [f.name for f in fields(quick)] == [f.name for f in fields(plain)]


def test_hashes_and_equality_go_by_the_same_fields():
    for quick, plain in BOTH[:1]:
        assert hash(quick(1, [2])) == hash(plain(1, [2])) == hash(quick(1, [3]))
        assert quick(1, [2]) != quick(1, [3])
    derived, plain = BOTH[1]
    assert derived(1, d=1) == derived(1, d=2)
    assert hash(BOTH[3][0](1)) == 7
    assert hash(BOTH[4][0](1)) == hash(BOTH[4][1](1))
    assert BOTH[0][0](1) != derived(1)


@pytest.mark.parametrize(("which", "args", "given"), WRONG)
def test_wrong_arguments_are_told_as_by_pythons_own(which, args, given):
    said = []
    for cls in BOTH[which]:
        with pytest.raises(TypeError) as error:
            cls(*args, **given)
        said.append(str(error.value))
    assert said[0] == said[1]


def test_what_is_made_is_checked():
    with pytest.raises(ValueError, match="-1"):
        BOTH[1][0](-1)


def test_it_is_frozen():
    made = BOTH[0][0](1)
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'a'"):
        made.a = 2
    with pytest.raises(FrozenInstanceError, match="cannot delete field 'a'"):
        del made.a


def test_either_kind_may_stand_above_the_other():
    for above, below in ((dataclass, dataclasses.dataclass), (dataclasses.dataclass, dataclass)):

        @above(frozen=True)
        class Above:
            a: int

        @below(frozen=True)
        class Below(Above):
            b: int

        assert Below(1, 2) == Below(1, 2)
        assert dataclasses.is_dataclass(Below)
        with pytest.raises(TypeError, match="non-frozen"):

            @dataclasses.dataclass
            class Changeable(Above):
                pass


@dataclass(frozen=True)
class Kept:
    """One that pickle finds."""

    a: int


def test_what_is_read_back_is_equal_even_before_any_was_made():
    raw = Kept.__new__(Kept)
    vars(raw)["a"] = 3
    assert pickle.loads(pickle.dumps(raw)) == raw
    assert hash(raw) == hash(Kept(3))


def test_other_options_are_pythons_own():
    @dataclass(order=True, frozen=True)
    class Ordered:
        a: int

    @dataclass
    class Changeable:
        a: int

    assert Ordered(1) < Ordered(2)
    assert list(inspect.signature(Changeable).parameters) == ["a"]
