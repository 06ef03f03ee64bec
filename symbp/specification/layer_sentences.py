"""What is said about faults of layers, of their equations and of how they are joined."""

from __future__ import annotations

from types import MappingProxyType

EN = MappingProxyType(
    {
        "activation_of_all": "{given} works on all units at once, or is left open. "
        "Put a layer of kind softmax behind this one.",
        "axes_differ": "Two axes of different sizes are used as one: {given} and {wanted}. "
        "Make them equal, or give them letters of their own.",
        "axis_missing": "There is no axis {given}: what comes in has {limit}. "
        "Count them from 0, or from -1 at the end.",
        "axes_samples": "The samples and an axis of a fixed size are used as one. "
        "Give them letters of their own.",
        "entry_letters": "The indices of {given} are letters here. Write an entry such as w[i, j].",
        "equation_bound": "The letter {given} already means something here. Sum over another one.",
        "equation_free": "The index {given} stands on the right only. "
        "Sum over it, or write it on the left of {name}, too.",
        "equation_index": "{given} is no position. Use a letter, a number, or an entry of labels.",
        "equation_left": "The left side of an equation has letters only. "
        "For {given} at a computed position write k = 2*i + p.",
        "equation_letter": "Nothing tells along which axis {given} runs. "
        "Use it in a slot of a known tensor, or give its size.",
        "equation_max": "{given} does not stand in what is compared. "
        "Write max(k, x[n, k]), or remove the letter.",
        "equation_sample": "{given} numbers the samples and is no number to compute with. "
        "Use it alone in a slot, or sum over it.",
        "formula_test": "The comparison itself has cases. "
        "Define them in an equation of their own, and compare that.",
        "equation_order": "{given} is used before an equation defines it. "
        "Change the order, or use what it was a step before, as in h[n, t - 1].",
        "equation_over": "{given} is no letter to sum over. Write sum(i, k, body).",
        "equation_size": "The size of the axis {given} of {name} is unknown. Add it to sizes.",
        "equation_slots": "{name} has {wanted} indices, and {given} were written. "
        "Correct the entry.",
        "equation_tokens": "{given} are tokens, with which nothing can be computed. "
        "Use them as an index, as in w[x[n], j].",
        "equation_twice": "{given} has the same index twice on the left. Use two letters.",
        "equations_many": "{given} equations are more than {limit}. Make several layers of them.",
        "equations_none": "There are no equations. Write at least one.",
        "formula_wide": "Multiplied out, this formula has more than {limit} terms. "
        "Divide it into several equations.",
        "from_nothing": "The list is empty. Name what this layer reads, or leave from out.",
        "groups_uneven": "{given} cannot be shared out evenly among {wanted} groups. "
        "Choose a number that divides it.",
        "heads_uneven": "{wanted} units cannot be shared out evenly among {given} heads. "
        "Choose a number that divides them.",
        "code_unknown": "No program is known for what this network computes: {reason}. "
        "It can be derived; to generate code, write that part of a layer in another way.",
        "inputs_none": "Nothing is read. Write a number of units, a shape, or named inputs.",
        "kernel_large": "The kernel reaches over {given} positions and there are {limit}. "
        "Make it smaller, or pad the input.",
        "layer_axes": "What comes in has {given} axes, and {name} wants {wanted}. "
        "Put another layer between them, such as flatten.",
        "layer_numbers": "What comes in are numbers, and this layer wants tokens. "
        "Say how many tokens there are, as in [inputs.x] with shape and tokens.",
        "layer_reads": "This layer reads {wanted} tensors, and {given} were given. Correct from.",
        "padding_large": "A padding of {given} leaves nothing to read. "
        "Make it smaller than {limit}.",
        "layer_taken": "{given} is the name of a layer that exists. Choose another name.",
        "layer_tokens": "What comes in are tokens, with which this layer cannot compute. "
        "Put an embedding in front.",
        "name_of_result": "{given} is what a derivative is called. "
        "Choose a name that does not begin with delta or end with _bar.",
        "name_twice": "{given} already means something in this layer. Choose another name.",
        "node_again": "Something is already called {given}. Choose another name.",
        "name_idle": "{given} has no part in what this layer yields. Use it, or remove it.",
        "node_idle": "Nothing reads what this layer yields. Name it in a from, or remove it.",
        "nothing_learnt": "No layer has parameters, so there is nothing to learn. "
        "Add a layer such as dense.",
        "share_none": "The layer whose parameters are shared has no {given} with as many indices. "
        "Share with a layer of the same kind.",
        "share_nothing": "There is nothing to share: this layer has no parameters of that kind. "
        "Remove share.",
        "transposed_alone": "Only shared weights can be transposed. Add share.",
        "unknown_node": "Nothing is called {given} before this layer. {hint}",
        "unknown_option": "There is no option {given} that is a number. {hint}",
        "weights_many": "The parameter {name} has {given} numbers, more than {limit}. "
        "Make the layer smaller.",
    }
)

JA = MappingProxyType(
    {
        "activation_of_all": "{given} は全ユニットに同時に働くか、未定の関数です。"
        "後ろに kind が softmax の層を置いてください。",
        "axes_differ": "大きさの違う二つの軸 {given} と {wanted} が同じ軸として使われています。"
        "等しくするか、別の文字を使ってください。",
        "axis_missing": "軸 {given} はありません。入ってくる軸は {limit} 本です。"
        "0 から、または末尾を -1 として数えてください。",
        "axes_samples": "サンプルの軸と大きさの決まった軸が同じ軸として使われています。"
        "別の文字を使ってください。",
        "entry_letters": "ここでは {given} の添字は文字だけです。w[i, j] のように書いてください。",
        "equation_bound": "文字 {given} はここですでに使われています。"
        "別の文字で和をとってください。",
        "equation_free": "添字 {given} が右辺だけにあります。"
        "和をとるか、左辺の {name} にも書いてください。",
        "equation_index": "{given} は位置になりません。文字か数かラベルの成分を書いてください。",
        "equation_left": "左辺の添字は文字だけです。"
        "計算した位置に置くなら {given} に k = 2*i + p のように書いてください。",
        "equation_letter": "{given} がどの軸を動くか決まりません。"
        "既知のテンソルの添字に使うか、大きさを書いてください。",
        "equation_max": "{given} は比べるものの中にありません。"
        "max(k, x[n, k]) のように書くか、文字を取り除いてください。",
        "equation_sample": "{given} はサンプルの番号で、計算には使えません。"
        "添字に単独で使うか、和をとってください。",
        "formula_test": "比較の中に場合分けがあります。別の式で定義して、それを比べてください。",
        "equation_order": "{given} は定義する式より前に使われています。"
        "順序を変えるか、h[n, t - 1] のように一つ前の値を使ってください。",
        "equation_over": "{given} は和をとる文字ではありません。"
        "sum(i, k, 式) のように書いてください。",
        "equation_size": "{name} の軸 {given} の大きさがわかりません。sizes に加えてください。",
        "equation_slots": "{name} の添字は {wanted} 個ですが、{given} 個あります。直してください。",
        "equation_tokens": "{given} はトークンで、計算には使えません。"
        "w[x[n], j] のように添字として使ってください。",
        "equation_twice": "左辺の {given} に同じ添字が二度あります。別の文字を使ってください。",
        "equations_many": "式が {given} 個あり、上限 {limit} を超えています。"
        "いくつかの層に分けてください。",
        "equations_none": "式がありません。一つ以上書いてください。",
        "formula_wide": "展開すると項が {limit} 個を超えます。いくつかの式に分けてください。",
        "from_nothing": "並びが空です。この層が読むものを書くか、from を省いてください。",
        "groups_uneven": "{given} は {wanted} 個の組に等しく分けられません。"
        "割り切れる数にしてください。",
        "heads_uneven": "{wanted} 個のユニットは {given} 個のヘッドに等しく分けられません。"
        "割り切れる数にしてください。",
        "code_unknown": "この網の計算のうち、プログラムにできない部分があります: {reason}。"
        "導出はできます。コードを作るには、その部分を別の形で書いてください。",
        "inputs_none": "入力がありません。ユニット数か形か名前のある入力を書いてください。",
        "kernel_large": "カーネルは {given} か所に及びますが、位置は {limit} か所です。"
        "小さくするか、入力にパディングを加えてください。",
        "layer_axes": "入ってくる軸は {given} 本ですが、{name} には {wanted} 本要ります。"
        "flatten などの層を間に置いてください。",
        "layer_numbers": "入ってくるのは数ですが、この層はトークンを読みます。"
        "[inputs.x] に shape と tokens を書いてください。",
        "layer_reads": "この層は {wanted} 個のテンソルを読みますが、{given} 個与えられました。"
        "from を直してください。",
        "padding_large": "パディングが {given} では読むものが残りません。"
        "{limit} より小さくしてください。",
        "layer_taken": "{given} は既にある層の名前です。別の名前にしてください。",
        "layer_tokens": "入ってくるのはトークンで、この層では計算できません。"
        "前に embedding を置いてください。",
        "name_of_result": "{given} は微分の名前です。"
        "delta で始まらず _bar で終わらない名前にしてください。",
        "name_twice": "{given} はこの層ですでに使われています。別の名前にしてください。",
        "node_again": "{given} という名前はすでに使われています。別の名前にしてください。",
        "name_idle": "{given} はこの層の出力に関わりません。使うか、取り除いてください。",
        "node_idle": "この層の出力を読む層がありません。"
        "どこかの from に書くか、取り除いてください。",
        "nothing_learnt": "パラメータをもつ層がなく、学習するものがありません。"
        "dense などの層を加えてください。",
        "share_none": "共有する相手の層に、添字の数が同じ {given} がありません。"
        "同じ種類の層と共有してください。",
        "share_nothing": "この層には共有できるパラメータがありません。share を取り除いてください。",
        "transposed_alone": "転置できるのは共有する重みだけです。share を書いてください。",
        "unknown_node": "{given} という名前のものはこの層の前にありません。{hint}",
        "unknown_option": "数の値をもつ選択肢 {given} はありません。{hint}",
        "weights_many": "パラメータ {name} の数が {given} 個あり、上限 {limit} を超えています。"
        "層を小さくしてください。",
    }
)
