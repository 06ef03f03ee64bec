"""What is said about each fault, in two languages: what is wrong, then what to do.

``{given}`` and the like are the facts of a fault; ``{hint}`` is what was probably meant, or the
words that are known.
"""

from __future__ import annotations

from types import MappingProxyType

from symbp.specification import head_sentences as heads
from symbp.specification import layer_sentences as layers

EN = MappingProxyType(
    {
        "file_missing": "There is no such file. Check the path.",
        "file_folder": "This is a folder. Give the specification inside it.",
        "file_unreadable": "The file cannot be read: {reason}. Check its permissions.",
        "file_large": "The file has more than {limit} bytes. "
        "A specification is short; keep data in a file of its own.",
        "file_encoding": "This byte is not UTF-8. Save the file as UTF-8.",
        "output_form": "The ending {given} says no format. {hint}",
        "toml": "This is not valid TOML: {reason}. Correct the line.",
        "toml_deep": "The tables are nested too deeply. Write the network as flat tables.",
        "missing_key": "The key {missing} is missing. Add it.",
        "unknown_key": "The key {given} means nothing here. {hint}",
        "unknown_word": "The value {given} is unknown. {hint}",
        "unknown_layer": "There is no layer {given}. {hint}",
        "unknown_activation": "There is no activation {given}. {hint}",
        "unknown_loss": "There is no loss {given}. {hint}",
        "unknown_optimizer": "There is no optimizer {given}. {hint}",
        "unknown_network": "The gallery has no network {given}. {hint}",
        "unknown_dataset": "There is no data called {given}. {hint}",
        "type": "The value {given} is of the wrong kind. Write {wanted}.",
        "not_finite": "The value {given} is no finite number. Write a finite one.",
        "number_large": "The number {given} is too large. Stay within {limit}.",
        "number_positive": "The number {given} is not positive. Write one above 0.",
        "number_negative": "The number {given} is negative. Write 0 or more.",
        "number_below_one": "The number {given} is out of range. Write one from 0 up to below 1.",
        "size_type": "{given} is no number of units. Write a whole number such as 16.",
        "size_positive": "{given} is no number of units. Write 1 or more.",
        "size_huge": "{given} units are more than {limit}. Write a smaller number.",
        "name_form": "{given} cannot be a name, for it becomes a word in generated code. "
        "Begin with a small letter, go on with small letters, digits and _, 40 at most.",
        "name_keyword": "{given} is a keyword of Python. Choose another name.",
        "name_reserved": "{given} already means something in the equations. Choose another name.",
        "name_taken": "{given} is the name of an activation that exists. Choose another name.",
        "no_layers": "The network has no layers. Add at least one.",
        "too_many_layers": "{given} layers are more than {limit}. Declare fewer.",
        "too_many_weights": "{before} times {after} weights are more than {limit}. "
        "Make one of the layers smaller.",
        "softmax_of_one": "The softmax of a single unit is always 1. "
        "Use sigmoid, or give the layer more units.",
        "labels_of_one": "With one unit there is one class only, so {loss} has nothing to learn. "
        "Give the layer a unit per class.",
        "loss_of_outputs": "{loss} takes logarithms and wants outputs from 0 to 1, "
        "which {activation} does not promise. Use sigmoid or softmax, "
        "or for an activation of your own state outputs = [0, 1].",
        "no_samples": "The table has no samples. Add rows.",
        "rows_differ": "There are {x} rows of inputs and {d} of targets. "
        "Give one of each per sample.",
        "row_length": "The length of this row is {given} and the network wants {wanted}. "
        "Correct the row or the size.",
        "label_type": "{given} is no label. With {loss} write the number of the class, from 0.",
        "label_range": "There is no class {given}. "
        "Labels run from 0 and there are {classes} classes.",
        "target_row": "{given} is not a list. With {loss} write a list with a number per unit.",
        "target_range": "{loss} wants targets from 0 to 1, not {given}. Rescale the targets.",
        "target_sign": "{loss} wants targets 1 and -1, not {given}. Write 1 for yes and -1 for no.",
        "smoothing_of": "Targets of {loss} cannot be smoothed. {hint}",
        "not_one_hot": "The targets {given} do not sum up to 1, as {loss} wants. "
        "Write a 1 for the right class and 0 for the others.",
        "form_layers": "A network of general depth has {given} entries of layers. "
        "Write two: any hidden layer, and the last one.",
        "form_units": "Layers of a network of general depth have no sizes. "
        "Move the number to units of [instance].",
        "instance_units": "The instance has {given} layers. List the units of two layers or more.",
        "outputs_order": "{given} are no bounds. Write the smaller and the larger number.",
        "formula_long": "The formula has {given} characters, more than {limit}. Shorten it.",
        "formula_character": "The character {given} has no place in a formula. "
        "Use numbers, u, constants, + - * / ^ ( ) and known functions.",
        "formula_digits": "The number is too long or too extreme. "
        "Write at most 20 digits and powers of ten up to 30.",
        "formula_expected": "Something else was expected before {given}. "
        "Check the operators and parentheses.",
        "formula_unexpected": "{given} cannot stand here. A number, a name or a parenthesis can.",
        "formula_end": "The formula ends too early. Complete it.",
        "formula_name": "The name {given} is unknown in this formula. {hint}",
        "formula_no_call": "The function {given} has no argument. Put it in parentheses behind it.",
        "formula_call": "There is no function {given}. {hint}",
        "formula_arity": "{name} was given {given} arguments and takes {wanted}. Correct the call.",
        "formula_comparison": "The first argument of where is a comparison. "
        "Write one such as u > 0.",
        "formula_constant": "{given} is applied to a constant that is no simple number. "
        "Write the value as a number.",
        "formula_strange": "This formula cannot be made sense of. Simplify it.",
        "formula_deep": "The formula is nested more than {limit} levels deep. Simplify it.",
        "formula_branches": "More than {limit} of min, max and where are too many. Simplify it.",
        "formula_exponent": "This cannot be an exponent. Write a number within ±{limit}, "
        "alone or times one name; other powers as exp(b * log(a)).",
        "formula_large": "A number in this formula becomes too large or too small. Rescale it.",
        "formula_undefined": "This has no real value, as 1/0 or the root of -1. "
        "Change the formula.",
        "formula_function": "The function {given} is not understood in an activation. "
        "Use exp, log, sqrt, tanh, erf, Abs, Piecewise and arithmetic.",
        "formula_no_variable": "This formula is a constant. Write one in which u stands.",
        "formula_variables": "An activation is a formula of one variable, not of these: {given}. "
        "Use u alone, and declare constants.",
    }
)

JA = MappingProxyType(
    {
        "file_missing": "そのファイルはありません。パスを確かめてください。",
        "file_folder": "これはフォルダです。その中の宣言ファイルを指定してください。",
        "file_unreadable": "ファイルを読めません({reason})。アクセス権を確かめてください。",
        "file_large": "ファイルが上限の {limit} バイトを超えています。"
        "データは別のファイルに置いてください。",
        "file_encoding": "このバイトは UTF-8 ではありません。UTF-8 で保存し直してください。",
        "output_form": "{given} という拡張子からは形式が決まりません。{hint}",
        "toml": "TOML として正しくありません({reason})。この行を直してください。",
        "toml_deep": "表の入れ子が深すぎます。平らな表で書いてください。",
        "missing_key": "キー {missing} がありません。書き加えてください。",
        "unknown_key": "キー {given} はここでは使えません。{hint}",
        "unknown_word": "値 {given} は使えません。{hint}",
        "unknown_layer": "{given} という層はありません。{hint}",
        "unknown_activation": "{given} という活性化関数はありません。{hint}",
        "unknown_loss": "{given} という損失関数はありません。{hint}",
        "unknown_optimizer": "{given} という最適化手法はありません。{hint}",
        "unknown_network": "{given} というネットワークは見本にありません。{hint}",
        "unknown_dataset": "{given} というデータはありません。{hint}",
        "type": "値 {given} の種類が違います。{wanted}を書いてください。",
        "not_finite": "{given} は有限の数ではありません。有限の数を書いてください。",
        "number_large": "数 {given} は大きすぎます。{limit} 以内にしてください。",
        "number_positive": "数 {given} は正ではありません。0 より大きい数を書いてください。",
        "number_negative": "数 {given} は負です。0 以上の数を書いてください。",
        "number_below_one": "数 {given} は範囲外です。0 以上 1 未満の数を書いてください。",
        "size_type": "{given} はユニット数になりません。16 のような整数を書いてください。",
        "size_positive": "{given} はユニット数になりません。1 以上にしてください。",
        "size_huge": "ユニット数 {given} は上限 {limit} を超えています。小さくしてください。",
        "name_form": "{given} は名前に使えません。生成されるコードの語になるためです。"
        "英小文字で始め、英小文字と数字と _ だけで 40 文字以内にしてください。",
        "name_keyword": "{given} は Python の予約語です。別の名前にしてください。",
        "name_reserved": "{given} は数式の中ですでに意味をもっています。別の名前にしてください。",
        "name_taken": "{given} は既にある活性化関数の名前です。別の名前にしてください。",
        "no_layers": "層がありません。少なくとも一つ書いてください。",
        "too_many_layers": "層の数 {given} は上限 {limit} を超えています。減らしてください。",
        "too_many_weights": "重みの数 {before} × {after} は上限 {limit} を超えています。"
        "どちらかの層を小さくしてください。",
        "softmax_of_one": "ユニットが一つの softmax は常に 1 です。"
        "sigmoid を使うか、ユニットを増やしてください。",
        "labels_of_one": "ユニットが一つではクラスも一つで、{loss} には学ぶものがありません。"
        "クラスの数だけユニットを置いてください。",
        "loss_of_outputs": "{loss} は対数をとるので 0 から 1 の出力を要しますが、"
        "{activation} の出力はそうとは限りません。sigmoid か softmax を使うか、"
        "自作の活性化関数なら outputs = [0, 1] と書いてください。",
        "no_samples": "データの行がありません。書き加えてください。",
        "rows_differ": "入力が {x} 行、教師データが {d} 行あります。同じ数にしてください。",
        "row_length": "この行には数が {given} 個ありますが、ネットワークには {wanted} 個要ります。"
        "行か大きさを直してください。",
        "label_type": "{given} はラベルではありません。{loss} では 0 から数えたクラスの番号を"
        "書いてください。",
        "label_range": "クラス {given} はありません。"
        "番号は 0 から数え、クラスは {classes} 個です。",
        "target_row": "{given} は並びではありません。{loss} ではユニットごとの数を並べてください。",
        "target_range": "{loss} の教師データは 0 から 1 です。{given} を直してください。",
        "target_sign": "{loss} の目標値は 1 か -1 です。{given} は使えません。"
        "正しければ 1、違えば -1 と書いてください。",
        "smoothing_of": "{loss} の目標値は平滑化できません。{hint}",
        "not_one_hot": "教師データ {given} の和が、{loss} の求める 1 になりません。"
        "正しいクラスに 1、ほかに 0 を書いてください。",
        "form_layers": "深さが一般のネットワークに層の項が {given} 個あります。"
        "任意の中間層と最終層の二つを書いてください。",
        "form_units": "深さが一般のネットワークの層は大きさをもちません。"
        "数は [instance] の units に書いてください。",
        "instance_units": "実例の層が {given} 個です。二つ以上の層のユニット数を並べてください。",
        "outputs_order": "{given} は範囲になりません。小さい数、大きい数の順に書いてください。",
        "formula_long": "式が {given} 文字あり、上限 {limit} を超えています。短くしてください。",
        "formula_character": "文字 {given} は式に使えません。"
        "数、u、定数、+ - * / ^ ( ) と決まった関数だけを使ってください。",
        "formula_digits": "数が長すぎるか極端です。20 桁以内、10 の 30 乗までで書いてください。",
        "formula_expected": "{given} の前に別のものが要ります。演算子と括弧を確かめてください。",
        "formula_unexpected": "{given} はここに置けません。数、名前、括弧を置いてください。",
        "formula_end": "式が途中で終わっています。続きを書いてください。",
        "formula_name": "名前 {given} はこの式では使えません。{hint}",
        "formula_no_call": "関数 {given} に引数がありません。後ろの括弧の中に書いてください。",
        "formula_call": "{given} という関数はありません。{hint}",
        "formula_arity": "{name} の引数は {wanted} 個ですが、{given} 個あります。直してください。",
        "formula_comparison": "where の最初の引数は比較です。u > 0 のように書いてください。",
        "formula_constant": "{given} の引数が簡単な数ではない定数です。値を数で書いてください。",
        "formula_strange": "この式の意味をとれません。簡単にしてください。",
        "formula_deep": "式の入れ子が {limit} 段を超えています。簡単にしてください。",
        "formula_branches": "min、max、where が {limit} 個を超えています。簡単にしてください。",
        "formula_exponent": "これは指数にできません。±{limit} 以内の数か、その数と一つの名前の積を"
        "書いてください。ほかの累乗は exp(b * log(a)) と書けます。",
        "formula_large": "式の中の数が大きくなりすぎるか小さくなりすぎます。尺度を変えてください。",
        "formula_undefined": "1/0 や -1 の平方根のように、実数の値がありません。"
        "式を直してください。",
        "formula_function": "関数 {given} は活性化関数には使えません。"
        "exp、log、sqrt、tanh、erf、Abs、Piecewise と四則を使ってください。",
        "formula_no_variable": "この式は定数です。u を含む式を書いてください。",
        "formula_variables": "活性化関数は一変数の式ですが、変数が {given} です。"
        "u だけを使い、ほかは定数として宣言してください。",
    }
)

SENTENCES = MappingProxyType(
    {"en": {**EN, **layers.EN, **heads.EN}, "ja": {**JA, **layers.JA, **heads.JA}}
)
