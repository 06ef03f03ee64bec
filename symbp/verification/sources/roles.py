"""Words for the quantities of a network, in Japanese and English, and the roles they name."""

# ruff: noqa: E501 -- tables of words and of spellings read best with an entry on a line

from __future__ import annotations

import re

ROLES = (
    ("delta", (r"デルタ|誤差項|誤差信号|局所勾配|error (?:term|signal)|local gradient|\bdeltas?\b"
     r"|(?:線形和|加重和)で偏微分したもの|derivative of the loss with respect to the pre-?activation")),
    ("learning_rate", r"学習率|学習係数|learning rate|step size"),
    ("preactivation", (r"重み付き線形和|重み付き和|加重和|線形和|線形結合|総入力|入力の総和|活性化前"
     r"|pre-?activation|weighted (?:sum|input)|net input|linear combination|\blogits?\b")),
    ("activation_function", r"活性化関数|activation function|nonlinearity|transfer function"),
    ("prediction", (r"予測|最終層の出力|出力層の出力|ネットワークの出力|\bpredict(?:ion|ed)"
     r"|network'?s? output|output of the (?:network|model|last|output|final)")),
    ("target", (r"教師|正解|目標値|目標出力|ラベル|\btargets?\b|\blabels?\b|ground truth|desired (?:output|value)"
     r"|true (?:value|output|label)")),
    ("", (r"正則|罰則|減衰|モーメンタム|モメンタム|勾配|微分|番号|個数|サンプル数|ユニット数|回数|更新|移動平均|ノルム|上限|サイズ"
     r"|regulari|penalty|decay|momentum|gradient|derivative|\bnumber\b|\bcount\b|updat|\bnorm\b|mean of"
     r"|average|slope|\bsize\b|\bindex\b|dimension")),
    ("bias", r"バイアス|しきい値|閾値|\bbias(?:es)?\b|threshold"),
    ("weight", r"重み|結合荷重|\bweights?\b"),
    ("loss", r"損失|誤差関数|コスト|目的関数|\bloss\b|\bcost\b|\bobjective\b|error function"),
    ("activation", (r"層の出力|(?:ニューロン|ユニット|ノード)の(?:出力|活性)|活性(?!化)|\bactivations?\b"
     r"|(?:hidden|layer|unit|neuron)(?:'s)? outputs?|outputs? of (?:the |a |each )?(?:layer|unit|neuron|hidden)")),
    ("input", r"入力|\binputs?\b|features?\b"),
)  # fmt: skip
PATTERNS = tuple((role, re.compile(pattern, re.IGNORECASE)) for role, pattern in ROLES)


def role(words: str) -> str:
    """The role that some words name; empty where they name none, or something else."""
    return next((name for name, pattern in PATTERNS if pattern.search(words)), "")
