"""What people read when something is wrong."""

import re
from pathlib import Path
from string import Formatter

import pytest

import symbp
from symbp.errors import Fault, SpecErrors, fault
from symbp.specification.messages import message, messages, shown
from symbp.specification.reader import parse_network
from symbp.specification.sentences import SENTENCES

EN, JA = SENTENCES["en"], SENTENCES["ja"]
ROOT = Path(symbp.__file__).parent
CODE = re.compile(
    r'(?:\bfault|Fault|_unreadable|\berror)\(\s*"(\w+)"|\bcode = "(\w+)"|else "(formula_\w+)"'
)


def used_codes():
    # What is said of submissions has sentences of its own, and tests of its own.
    files = (path for path in ROOT.rglob("*.py") if "verification" not in path.parts)
    sources = (path.read_text(encoding="utf-8") for path in files)
    return {next(filter(None, found)) for text in sources for found in CODE.findall(text)}


def holes(sentence):
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_every_fault_has_a_sentence():
    assert used_codes() == set(EN)


def test_languages_say_the_same():
    assert {code: holes(text) for code, text in EN.items()} == {
        code: holes(text) for code, text in JA.items()
    }


@pytest.mark.parametrize("code", EN)
def test_each_says_what_is_wrong_and_what_to_do(code):
    assert EN[code].count(". ") + EN[code].count("{hint}") >= 1
    assert EN[code].endswith((".", "{hint}"))
    assert JA[code].endswith(("。", "{hint}"))


SPEC = """\
name = "xor"
inputs = 2
loss = "binary_cross_entropy"
[activations]
soft = "u / (1 + esp(-u))"
[[layers]]
units = 3
activation = "tahn"
[[layers]]
units = true
[[layers]]
units = 1
activaton = "sigmoid"
"""


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            "en",
            [
                'xor.toml:5:18: There is no function "esp". Did you mean "exp"?',
                'xor.toml:8:14: There is no activation "tahn". Did you mean "tanh"?',
                "xor.toml:10:9: true is no number of units. Write a whole number such as 16.",
                (
                    "xor.toml:11:1: binary_cross_entropy takes logarithms and wants outputs from "
                    "0 to 1, which identity does not promise. Use sigmoid or softmax, or for an "
                    "activation of your own state outputs = [0, 1]."
                ),
                'xor.toml:13:1: The key "activaton" means nothing here. Did you mean "activation"?',
            ],
        ),
        (
            "ja",
            [
                'xor.toml:5:18: "esp" という関数はありません。"exp" のことですか。',
                'xor.toml:8:14: "tahn" という活性化関数はありません。"tanh" のことですか。',
                "xor.toml:10:9: true はユニット数になりません。16 のような整数を書いてください。",
                (
                    "xor.toml:11:1: binary_cross_entropy は対数をとるので 0 から 1 の出力を"
                    "要しますが、identity の出力はそうとは限りません。sigmoid か softmax を使うか、"
                    "自作の活性化関数なら outputs = [0, 1] と書いてください。"
                ),
                'xor.toml:13:1: キー "activaton" はここでは使えません。"activation" のことですか。',
            ],
        ),
    ],
)
def test_the_messages_of_a_specification(language, lines):
    with pytest.raises(SpecErrors) as caught:
        parse_network(SPEC, "xor.toml")
    assert messages(caught.value, language) == lines


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            Fault("file_missing", file="a.toml"),
            "a.toml: There is no such file. Check the path.",
        ),
        (
            fault("size_positive", "layers", 0, "units", given=0),
            "layers.0.units: 0 is no number of units. Write 1 or more.",
        ),
        (
            fault("unknown_dataset", given="q", meant=None, known=("digits",)),
            'There is no data called "q". Known are: digits.',
        ),
        (
            fault("unknown_key", given="q", meant=None, known=()),
            'The key "q" means nothing here. Remove it.',
        ),
        (
            fault("type", given=[1, "a"], wanted="number"),
            'The value 1, "a" is of the wrong kind. Write a number.',
        ),
        (
            fault("formula_expected", given="{u}", wanted=")"),
            'Something else was expected before "{u}". Check the operators and parentheses.',
        ),
    ],
)
def test_message(given, expected):
    assert message(given) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a\nb\x1b[31m", '"a\\nb\\x1b[31m"'),
        ("日本", '"日本"'),
        ("x" * 100, '"' + "x" * 58 + "…"),
        (True, "true"),
        ((1.5, 2), "1.5, 2"),
        (None, "None"),
    ],
)
def test_values_are_shown_on_one_short_line(value, expected):
    assert shown(value) == expected


def test_in_python_an_exception_says_the_same():
    with pytest.raises(SpecErrors) as caught:
        symbp.Dense(-1, "tahn")
    assert str(caught.value).splitlines() == messages(caught.value)
    assert str(caught.value).startswith("units: -1 is no number of units. Write 1 or more.")
    with pytest.raises(SpecErrors) as caught:
        parse_network('name = "a"\ninputs = 2\nloss = "huber"\n[[layers]]\nunts = 3\n', "a.toml")
    assert 'a.toml:5:1: The key "unts" means nothing here.' in str(caught.value)


def test_two_inputs_with_one_name():
    inputs = (symbp.Input("left", (2,)), symbp.Input("left", (5,)))
    layers = [symbp.Node(symbp.Dense(1), ("left",))]
    with pytest.raises(SpecErrors) as caught:
        symbp.Network.of("a", inputs, layers)
    told = "inputs.left: Something is already called left. Choose another name."
    assert told in str(caught.value).replace('"', "")
