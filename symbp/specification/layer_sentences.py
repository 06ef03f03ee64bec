"""What is said about faults of layers, of their equations and of how they are joined."""

from __future__ import annotations

from types import MappingProxyType

EN = MappingProxyType(
    {
        "axes_differ": "Two axes of different sizes are used as one: {given} and {wanted}. "
        "Make them equal, or give them letters of their own.",
        "axis_missing": "There is no axis {given}: what comes in has {limit}. "
        "Count them from 0, or from -1 at the end.",
        "equation_free": "The index {given} stands on the right only. "
        "Sum over it, or write it on the left of {name}, too.",
        "equation_index": "{given} is no position. Use a letter, a number, or an entry of labels.",
        "equation_input": "{given} is read by this layer and cannot be defined by it. "
        "Choose another name.",
        "equation_left": "The left side of an equation has letters only. "
        "For {given} at a computed position write k = 2*i + p.",
        "equation_letter": "Nothing tells along which axis {given} runs. "
        "Use it in a slot of a known tensor, or give its size.",
        "equation_over": "{given} is no letter to sum over. Write sum(i, k, body).",
        "equation_size": "The size of the axis {given} of {name} is unknown. Add it to sizes.",
        "equation_slots": "{name} has {wanted} indices, and {given} were written. "
        "Correct the entry.",
        "equation_twice": "{given} has the same index twice on the left. Use two letters.",
        "groups_uneven": "{given} cannot be shared out evenly among {wanted} groups. "
        "Choose a number that divides it.",
        "heads_uneven": "{wanted} units cannot be shared out evenly among {given} heads. "
        "Choose a number that divides them.",
        "kernel_large": "The kernel reaches over {given} positions and there are {limit}. "
        "Make it smaller, or pad the input.",
        "layer_axes": "What comes in has {given} axes, and {name} wants {wanted}. "
        "Put another layer between them, such as flatten.",
        "layer_reads": "This layer reads {wanted} tensors, and {given} were given. Correct from.",
        "padding_large": "A padding of {given} leaves nothing to read. "
        "Make it smaller than {limit}.",
        "unknown_node": "Nothing is called {given} before this layer. {hint}",
    }
)

JA = MappingProxyType(
    {
        "axes_differ": "大きさの違う二つの軸 {given} と {wanted} が同じ軸として使われています。"
        "等しくするか、別の文字を使ってください。",
        "axis_missing": "軸 {given} はありません。入ってくる軸は {limit} 本です。"
        "0 から、または末尾を -1 として数えてください。",
        "equation_free": "添字 {given} が右辺だけにあります。"
        "和をとるか、左辺の {name} にも書いてください。",
        "equation_index": "{given} は位置になりません。文字か数かラベルの成分を書いてください。",
        "equation_input": "{given} はこの層が読むもので、ここでは定義できません。"
        "別の名前にしてください。",
        "equation_left": "左辺の添字は文字だけです。計算した位置に置くなら {given} に "
        "k = 2*i + p のように書いてください。",
        "equation_letter": "{given} がどの軸を動くか決まりません。"
        "既知のテンソルの添字に使うか、大きさを書いてください。",
        "equation_over": "{given} は和をとる文字ではありません。"
        "sum(i, k, 式) のように書いてください。",
        "equation_size": "{name} の軸 {given} の大きさがわかりません。sizes に加えてください。",
        "equation_slots": "{name} の添字は {wanted} 個ですが、{given} 個あります。直してください。",
        "equation_twice": "左辺の {given} に同じ添字が二度あります。別の文字を使ってください。",
        "groups_uneven": "{given} は {wanted} 個の組に等しく分けられません。"
        "割り切れる数にしてください。",
        "heads_uneven": "{wanted} 個のユニットは {given} 個のヘッドに等しく分けられません。"
        "割り切れる数にしてください。",
        "kernel_large": "カーネルは {given} か所に及びますが、位置は {limit} か所です。"
        "小さくするか、入力にパディングを加えてください。",
        "layer_axes": "入ってくる軸は {given} 本ですが、{name} には {wanted} 本要ります。"
        "flatten などの層を間に置いてください。",
        "layer_reads": "この層は {wanted} 個のテンソルを読みますが、{given} 個与えられました。"
        "from を直してください。",
        "padding_large": "パディングが {given} では読むものが残りません。"
        "{limit} より小さくしてください。",
        "unknown_node": "{given} という名前のものはこの層の前にありません。{hint}",
    }
)
