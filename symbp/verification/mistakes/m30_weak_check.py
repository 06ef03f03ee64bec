"""M30: a numerical check of gradients that cannot see a mistake.

It is a fault of a test and not of a line, so nothing is transformed here.
"""

from __future__ import annotations

from symbp.verification.mistakes.mistake import Mistake

TEXTS = {
    "en": {
        "what": "A gradient check is too weak to see a mistake.",
        "why": "Equal sizes hide transposes, one sample hides means, zeros and symmetry hide much.",
        "example": "only W1[0, 0] is checked, in a network with layers of the same size",
        "fix": "Check every parameter, with random values and sizes from 2 up that all differ.",
    },
    "ja": {
        "what": "勾配の数値検査が弱く、間違いを見つけられない。",
        "why": "同じ大きさの層は転置を、一つの標本は平均を、零や対称性は多くのことを隠す。",
        "example": "どの層も同じ大きさのネットワークで W1[0, 0] だけを調べる",
        "fix": "乱数の値と、2 以上で互いに異なる大きさを使い、すべてのパラメータを調べる。",
    },
}

MISTAKE = Mistake("M30", TEXTS)
