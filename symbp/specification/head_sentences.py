"""What is said about faults of losses at several layers, and of several inputs."""

from __future__ import annotations

from types import MappingProxyType

EN = MappingProxyType(
    {
        "class_weights_count": "There are {wanted} classes, and weights of {given}. "
        "Give one for each class.",
        "class_weights_of": "The classes of {loss} cannot be weighted. {hint}",
        "data_many": "Samples are declared for one input, and one loss of the last layer. "
        "Leave data out, and give the generated module an .npz file.",
        "layer_mask": "What comes in is no mask, and this layer wants one. "
        "Say so where it is read, as in [inputs.seen] with shape and mask = true.",
        "loss_from": "No layer is called {given}. {hint}",
        "loss_reads": "{loss} wants the outputs of {wanted} layers, and {given} were given. "
        "Name them in from.",
        "loss_shapes": "{loss} compares outputs of one shape, not {given}. "
        "Let layers of one size come before it.",
        "penalty_again": "The penalty falls on all weights of the network. "
        "Write l2 in one of the losses only.",
    }
)

JA = MappingProxyType(
    {
        "class_weights_count": "クラスは {wanted} 個ですが、重みが {given} 個あります。"
        "クラスごとに一つ書いてください。",
        "class_weights_of": "{loss} のクラスには重みを付けられません。{hint}",
        "data_many": "データを書けるのは入力が一つで、損失が最終層の一つだけのときです。"
        "data を除き、生成したモジュールに .npz ファイルを渡してください。",
        "layer_mask": "この層はマスクを要しますが、入力はマスクではありません。"
        "[inputs.seen] に shape と mask = true を書いてください。",
        "loss_from": "{given} という層はありません。{hint}",
        "loss_reads": "{loss} は {wanted} 層の出力を要しますが、{given} 層が与えられました。"
        "from に名前を並べてください。",
        "loss_shapes": "{loss} が比べる出力は同じ形です。{given} ではできません。"
        "前の層の大きさをそろえてください。",
        "penalty_again": "罰則はネットワークの全ての重みにかかります。"
        "l2 は一つの損失にだけ書いてください。",
    }
)
