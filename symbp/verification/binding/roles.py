"""The roles that a name may play, and the words by which people call them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType

ROLES = (
    "pre-activation",
    "activation",
    "weight",
    "bias",
    "delta",
    "loss",
    "target",
    "prediction",
    "input",
    "learning-rate",
    "batch-size",
    "activation-function",
)

WORDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "pre-activation": (
            *("preactivation", "pre-activation", "weighted sum", "weighted input", "net input"),
            *("logit", "score", "linear combination", "総入力", "重み付き線形和", "重み付き和"),
            *("加重和", "線形和", "活性化前"),
        ),
        "activation-function": ("activation function", "nonlinearity", "活性化関数", "伝達関数"),
        "activation": (
            *("activation", "layer output", "hidden output", "hidden unit", "activated"),
            *("各層の出力", "層の出力", "ニューロンの出力", "中間層の出力", "隠れ層の出力"),
            *("活性化", "活性値"),
        ),
        "prediction": (
            *("prediction", "predicted", "network output", "final output", "model output"),
            *("予測", "最終層の出力", "出力層の出力", "推定", "モデルの出力"),
        ),
        "learning-rate": (
            "learning rate",
            "learning-rate",
            "step size",
            "rate",
            "学習率",
            "学習係数",
        ),
        "batch-size": (
            *("batch size", "batch-size", "number of samples", "number of examples"),
            *(
                "number of training examples",
                "バッチサイズ",
                "サンプル数",
                "データ数",
                "ミニバッチ",
            ),
        ),
        "target": (
            *("target", "label", "ground truth", "true value", "desired", "teacher"),
            *("教師", "正解", "目標", "ラベル", "真の値", "実際の出力"),
        ),
        "bias": ("bias", "バイアス"),
        "weight": ("weight", "重み", "結合荷重", "結合係数"),
        "delta": ("delta", "error term", "error signal", "誤差項", "誤差信号", "デルタ"),
        "loss": (
            "loss",
            "cost",
            "error function",
            "objective",
            "損失",
            "誤差関数",
            "コスト",
            "目的関数",
        ),
        "input": ("input", "feature", "入力", "特徴"),
    }
)
"""Role -> words that say it. The first role that has a word in a text is meant, in this order."""


@dataclass(frozen=True)
class UnknownRole:
    """A word that names no role; ``similar`` are the roles that may have been meant."""

    word: str
    similar: tuple[str, ...]


def role_of(word: str) -> str | None:
    """The role that a few words speak of, in English or Japanese; None where they say none."""
    text = word.strip().lower().replace("_", "-")
    if text in ROLES:
        return text
    plain = text.replace("-", " ")
    for role, known in WORDS.items():
        if any(each.replace("-", " ") in plain for each in known):
            return role
    return None


def named_role(word: str) -> str | UnknownRole:
    """The role called ``word`` by a person who means one of ROLES."""
    text = word.strip().lower().replace("_", "-").replace(" ", "-")
    if text in ROLES:
        return text
    short = {role.replace("-", ""): role for role in ROLES}
    found = short.get(text.replace("-", ""))
    return found or UnknownRole(word, tuple(get_close_matches(text, ROLES, n=3, cutoff=0.4)))
