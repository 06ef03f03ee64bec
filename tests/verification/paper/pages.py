"""Derivations in matrices, and what is to be said of each of their lines."""

# ruff: noqa: E501 -- pages are typed as people type them

from __future__ import annotations

PAGES: dict[str, str] = {
    "columns, bold vectors, one sample": r"""
One sample. Hidden layers use the sigmoid function $\sigma$, the output layer is linear.
The loss is $E = \frac{1}{2}\|\mathbf{z}^{L} - \mathbf{d}\|^2$.

$\mathbf{u}^{l} = \mathbf{W}^{l} \mathbf{z}^{l-1} + \mathbf{b}^{l}$

For hidden layers $\mathbf{z}^{l} = \sigma(\mathbf{u}^{l})$, and $\mathbf{z}^{L} = \mathbf{u}^{L}$.

Let $\boldsymbol{\delta}^{l} = \frac{\partial E}{\partial \mathbf{u}^{l}}$.

$\boldsymbol{\delta}^{L} = \mathbf{z}^{L} - \mathbf{d}$ <!-- ok -->

$\boldsymbol{\delta}^{l} = (\mathbf{W}^{l+1})^\top \boldsymbol{\delta}^{l+1} \odot \sigma'(\mathbf{u}^{l})$ <!-- ok -->

$\frac{\partial E}{\partial \mathbf{W}^{l}} = \boldsymbol{\delta}^{l} (\mathbf{z}^{l-1})^\top$ <!-- ok -->

$\frac{\partial E}{\partial \mathbf{b}^{l}} = \boldsymbol{\delta}^{l}$ <!-- ok -->

$\boldsymbol{\delta}^{L} = \mathbf{d} - \mathbf{z}^{L}$ <!-- M05 -->
""",
    "columns, transposition forgotten": r"""
Sigmoid units everywhere. The loss is $E = \frac{1}{2}\|\mathbf{z}^{L} - \mathbf{d}\|^2$.

$\mathbf{u}^{l} = \mathbf{W}^{l} \mathbf{z}^{l-1} + \mathbf{b}^{l}$, $\mathbf{z}^{l} = \sigma(\mathbf{u}^{l})$

$\boldsymbol{\delta}^{l} = \frac{\partial E}{\partial \mathbf{u}^{l}}$

$\boldsymbol{\delta}^{l} = (\mathbf{W}^{l+1})^\top \boldsymbol{\delta}^{l+1} \odot \mathbf{z}^{l} \odot (1 - \mathbf{z}^{l})$ <!-- ok -->

$\boldsymbol{\delta}^{l} = (\mathbf{W}^{l+1})^\top \boldsymbol{\delta}^{l+1} \odot \mathbf{z}^{l}$ <!-- wrong -->
""",
    "rows, one sample": r"""
The input is a row. All layers use $\tanh$. The loss is $E = \frac{1}{2}\|\mathbf{z}^{L} - \mathbf{d}\|^2$.

$\mathbf{u}^{l} = \mathbf{z}^{l-1} \mathbf{W}^{l} + \mathbf{b}^{l}$, $\mathbf{z}^{l} = \tanh(\mathbf{u}^{l})$

$\boldsymbol{\delta}^{l} = \frac{\partial E}{\partial \mathbf{u}^{l}}$

$\boldsymbol{\delta}^{l} = \boldsymbol{\delta}^{l+1} (\mathbf{W}^{l+1})^\top \odot (1 - \mathbf{z}^{l} \odot \mathbf{z}^{l})$ <!-- ok -->

$\frac{\partial E}{\partial \mathbf{W}^{l}} = (\mathbf{z}^{l-1})^\top \boldsymbol{\delta}^{l}$ <!-- ok -->

$\boldsymbol{\delta}^{L} = (\mathbf{z}^{L} - \mathbf{d}) \odot (1 - \mathbf{z}^{L} \odot \mathbf{z}^{L})$ <!-- ok -->

$\boldsymbol{\delta}^{L} = \mathbf{z}^{L} - \mathbf{d}$ <!-- wrong -->
""",
    "rows, many samples": r"""
Each row of $X$ is one of $N$ samples. Hidden layers use the sigmoid function $\sigma$, the output is linear.

$$E = \frac{1}{2N} \sum_n \sum_k (Z^L_{nk} - D_{nk})^2$$

$$U^l = Z^{l-1} W^l + \mathbf{1} (b^l)^\top$$

$$\Delta^l = \frac{\partial E}{\partial U^l}$$

$$\Delta^L = \frac{1}{N} (Z^L - D)$$ <!-- ok -->

$$\Delta^l = \Delta^{l+1} (W^{l+1})^\top \odot \sigma'(U^l)$$ <!-- ok -->

$$\frac{\partial E}{\partial W^l} = (Z^{l-1})^\top \Delta^l$$ <!-- ok -->

$$\frac{\partial E}{\partial b^l} = (\Delta^l)^\top \mathbf{1}$$ <!-- ok -->

$$\frac{\partial E}{\partial W^l} = \frac{1}{N} (Z^{l-1})^\top \Delta^l$$ <!-- M07 -->
""",
    "diag": r"""
Sigmoid units everywhere. The loss is $E = \frac{1}{2}\|\mathbf{z}^{L} - \mathbf{d}\|^2$.

$\mathbf{u}^{l} = \mathbf{W}^{l} \mathbf{z}^{l-1} + \mathbf{b}^{l}$, $\mathbf{z}^{l} = \sigma(\mathbf{u}^{l})$

$\boldsymbol{\delta}^{l} = \frac{\partial E}{\partial \mathbf{u}^{l}}$

$\boldsymbol{\delta}^{l} = \operatorname{diag}(\sigma'(\mathbf{u}^{l})) (\mathbf{W}^{l+1})^\top \boldsymbol{\delta}^{l+1}$ <!-- ok -->

$\boldsymbol{\delta}^{L} = \operatorname{diag}(\sigma'(\mathbf{u}^{L})) (\mathbf{z}^{L} - \mathbf{d})$ <!-- ok -->

$\boldsymbol{\delta}^{L} = \operatorname{diag}(\mathbf{z}^{L}) (\mathbf{z}^{L} - \mathbf{d})$ <!-- wrong -->
""",
    "nabla": r"""
Sigmoid units everywhere. The cost is $C = \frac{1}{2}\|\mathbf{a}^{L} - \mathbf{y}\|^2$.

$z^{l} = W^{l} a^{l-1} + b^{l}$, $a^{l} = \sigma(z^{l})$

$\delta^l = \nabla_{z^l} C$

$\delta^L = \nabla_{a^L} C \odot \sigma'(z^L)$ <!-- ok -->

$\nabla_{a^L} C = a^L - y$ <!-- ok -->

$\nabla_{W^l} C = \delta^l (a^{l-1})^T$ <!-- ok -->

$\nabla_{b^l} C = \delta^l$ <!-- ok -->

$\nabla_{b^l} C = \delta^l \odot a^l$ <!-- wrong -->
""",
    "dlai, two layers": r"""
$m$ examples in columns; tanh hidden layer, sigmoid output layer. The cost is the mean cross-entropy.

$Z^{[1]} = W^{[1]} X + b^{[1]}$, $A^{[1]} = \tanh(Z^{[1]})$, $Z^{[2]} = W^{[2]} A^{[1]} + b^{[2]}$, $A^{[2]} = \sigma(Z^{[2]})$

$dZ^{[2]} = A^{[2]} - Y$ <!-- ok -->

$dW^{[2]} = \frac{1}{m} dZ^{[2]} A^{[1]T}$ <!-- ok -->

$dZ^{[1]} = W^{[2]T} dZ^{[2]} \odot (1 - (A^{[1]})^2)$ <!-- ok -->

$dW^{[1]} = \frac{1}{m} dZ^{[1]} X^T$ <!-- ok -->

$dW^{[1]} = dZ^{[1]} X^T$ <!-- wrong -->

$dW^{[1]} = \frac{1}{m} dZ^{[2]} X^T$ <!-- M10 -->

$dZ^{[1]} = W^{[2]} dZ^{[2]} \odot (1 - (A^{[1]})^2)$ <!-- M11 -->

$dZ^{[1]} = (W^{[2]T} dZ^{[2]}) (1 - (A^{[1]})^2)$ <!-- M13 -->

$dZ^{[1]} = dZ^{[2]} \odot (1 - (A^{[1]})^2)$ <!-- wrong -->
""",
    "cs231n, softmax": r"""
Rows of $X$ are $N$ examples. The scores go through a softmax; the loss is the mean cross-entropy. The hidden layer is a ReLU.

$s_1 = X W_1 + b_1$, $h_1 = \max(0, s_1)$, $s_2 = h_1 W_2 + b_2$

$$L = -\frac{1}{N} \sum_n \sum_k Y_{nk} \log P_{nk}$$

with one-hot rows in $Y$.

$ds_2 = \frac{1}{N}(P - Y)$ <!-- ok -->

$dW_2 = h_1^T ds_2$ <!-- ok -->

$db_2 = \mathbf{1}^T ds_2$ <!-- ok -->

$dh_1 = ds_2 W_2^T$ <!-- ok -->

$dW_2 = h_1^T (P - Y)$ <!-- wrong -->

$dW_2 = h_2^T ds_2$ <!-- M10 -->

$dh_1 = ds_2 W_1^T$ <!-- M10 -->

$dh_1 = ds_2 W_2$ <!-- M11 -->

$db_2 = \mathbf{1}^T \odot ds_2$ <!-- M13 -->

$db_2 = ds_2$ <!-- M17 -->
""",
    "a gradient that looks like a forward equation": r"""
Units of all layers are sigmoid; there are $m$ examples in columns. The cost is the mean cross-entropy.

$Z^{[l]} = W^{[l]} A^{[l-1]} + b^{[l]}$, $A^{[l]} = \sigma(Z^{[l]})$

$dA^{[l]} = W^{[l+1]} dZ^{[l+1]}$ <!-- M11 -->

$dZ^{[l]} = dA^{[l]} \odot \sigma'(Z^{[l]})$ <!-- ok -->
""",
    "one factor is no rate": r"""
One example, a column. The hidden units are sigmoid, the output is linear, $L = \frac{1}{2}\|\mathbf{o} - \mathbf{y}\|^2$.

$\mathbf{z} = \mathbf{W}^{(1)} \mathbf{x}$, $\mathbf{h} = \sigma(\mathbf{z})$, $\mathbf{o} = \mathbf{W}^{(2)} \mathbf{h}$

The regularization term is $s = \frac{\lambda}{2} (\|\mathbf{W}^{(1)}\|_F^2 + \|\mathbf{W}^{(2)}\|_F^2)$ and the objective is $J = L + s$.

$\frac{\partial J}{\partial \mathbf{o}} = \mathbf{o} - \mathbf{y}$ <!-- ok -->

$\frac{\partial J}{\partial \mathbf{W}^{(2)}} = \frac{\partial J}{\partial \mathbf{o}} \mathbf{h} + \lambda \mathbf{W}^{(2)}$ <!-- M12 -->

$\frac{\partial J}{\partial \mathbf{z}} = (\mathbf{W}^{(2)} (\mathbf{o} - \mathbf{y})) \odot \mathbf{h} \odot (1 - \mathbf{h})$ <!-- M11 -->
""",
    "without places": r"""
One layer, one sample: $u = W x + b$ and $z = \sigma(u)$ with the sigmoid function. The loss is $E = \frac{1}{2}\|z - d\|^2$.

$\delta = \frac{\partial E}{\partial u}$

$\delta = (z - d) \odot z \odot (1 - z)$ <!-- ok -->

$\frac{\partial E}{\partial W} = \delta x^T$ <!-- ok -->

$\frac{\partial E}{\partial b} = \delta$ <!-- ok -->

$\frac{\partial E}{\partial x} = W^T \delta$ <!-- ok -->

$\delta = (z - d) \odot z$ <!-- wrong -->
""",
    "broadcast bias, columns": r"""
$m$ examples in columns. All activation functions are $\tanh$.

$$J = \frac{1}{2m} \sum_{i=1}^{m} \|a^{[L](i)} - y^{(i)}\|^2$$

$$Z^{[l]} = W^{[l]} A^{[l-1]} + b^{[l]}$$
$$A^{[l]} = \tanh(Z^{[l]})$$

$$\frac{\partial J}{\partial Z^{[L]}} = \frac{1}{m} (A^{[L]} - Y) \odot (1 - A^{[L]} \odot A^{[L]})$$ <!-- ok -->

$$\frac{\partial J}{\partial Z^{[l]}} = (W^{[l+1]T} \frac{\partial J}{\partial Z^{[l+1]}}) \odot (1 - A^{[l]} \odot A^{[l]})$$ <!-- ok -->

$$\frac{\partial J}{\partial b^{[l]}} = \frac{\partial J}{\partial Z^{[l]}} \mathbf{1}$$ <!-- ok -->

$$\frac{\partial J}{\partial Z^{[L]}} = (A^{[L]} - Y) \odot (1 - A^{[L]} \odot A^{[L]})$$ <!-- M07 -->
""",
    "oreilly, affine": r"""
Each row of $X$ is one of $N$ samples. $Y = XW + b$. Let $L$ be any loss.

$$\frac{\partial L}{\partial X} = \frac{\partial L}{\partial Y} W^T$$ <!-- ok -->

$$\frac{\partial L}{\partial W} = X^T \frac{\partial L}{\partial Y}$$ <!-- ok -->
""",
    "decay, columns": r"""
$m$ examples in columns, sigmoid units everywhere.

$$J = \frac{1}{2m} \sum_{i=1}^{m} \|a^{[L](i)} - y^{(i)}\|^2 + \frac{\lambda}{2} \sum_l \|W^{[l]}\|_F^2$$

$$Z^{[l]} = W^{[l]} A^{[l-1]} + b^{[l]}$$
$$A^{[l]} = \sigma(Z^{[l]})$$

$$\frac{\partial J}{\partial W^{[l]}} = \frac{\partial J}{\partial Z^{[l]}} A^{[l-1]T} + \lambda W^{[l]}$$ <!-- ok -->

$$\frac{\partial J}{\partial W^{[l]}} = \frac{\partial J}{\partial Z^{[l]}} A^{[l-1]T}$$ <!-- M20 -->
""",
    "several functions": r"""
One example in a column. Hidden layers use ReLU, the last layer is a softmax. The loss is $L = -\sum_k y_k \log \hat{y}_k$ with $\sum_k y_k = 1$.

$z^{[l]} = W^{[l]} a^{[l-1]} + b^{[l]}$

$\frac{\partial L}{\partial z^{[L]}} = \hat{y} - y$ <!-- ok -->

$\frac{\partial L}{\partial W^{[L]}} = (\hat{y} - y) a^{[L-1]T}$ <!-- ok -->

$\frac{\partial L}{\partial z^{[L]}} = y - \hat{y}$ <!-- M05 -->
""",
    "ng-theta, regularised": r"""
Layers count from $1$ with $a^{(1)} = x$; all activations are the sigmoid function $g$. $J = \frac{1}{2} \sum_k (a^{(L)}_k - y_k)^2$.

$$z^{(l+1)} = \Theta^{(l)} a^{(l)} + b^{(l)}$$

$$\delta^{(l)} = \frac{\partial J}{\partial z^{(l)}}$$

$$\delta^{(l)} = (\Theta^{(l)})^T \delta^{(l+1)} \odot g'(z^{(l)})$$ <!-- ok -->

$$\frac{\partial J}{\partial \Theta^{(l)}} = \delta^{(l+1)} (a^{(l)})^T$$ <!-- ok -->

$$\delta^{(l)} = \Theta^{(l)} \delta^{(l+1)} \odot g'(z^{(l)})$$ <!-- wrong -->
""",
    "japanese, columns": r"""
# 行列による逆伝播

$N$ 個のサンプルを列に並べる。中間層の活性化関数はシグモイド関数 $\sigma$、出力層は恒等関数とする。損失は
$E = \frac{1}{2N}\sum_{n}\|\mathbf{z}^{L(n)} - \mathbf{d}^{(n)}\|^2$ とする。

$U^l = W^l Z^{l-1} + b^l$ であり、中間層では $Z^l = \sigma(U^l)$ である。

$\frac{\partial E}{\partial U^L} = \frac{1}{N}(Z^L - D)$ <!-- ok -->

$\frac{\partial E}{\partial W^l} = \frac{\partial E}{\partial U^l}(Z^{l-1})^\top$ <!-- ok -->

$\frac{\partial E}{\partial U^L} = \frac{1}{N}(D - Z^L)$ <!-- M05 -->
""",
    "linear regression": r"""
One layer with a linear output. The rows of $X$ are $N$ samples: $Y = X W + b$.

$$L = \frac{1}{2N} \sum_n \sum_k (Y_{nk} - T_{nk})^2$$

$$\frac{\partial L}{\partial Y} = \frac{1}{N} (Y - T)$$ <!-- ok -->

$$\frac{\partial L}{\partial W} = \frac{1}{N} X^\top (Y - T)$$ <!-- ok -->

$$\frac{\partial L}{\partial b} = \frac{1}{N} \mathbf{1}^\top (Y - T)$$ <!-- ok -->

$$\frac{\partial L}{\partial W} = X^\top (Y - T)$$ <!-- M07 -->
""",
    "a loss of one sample": r"""
$m$ examples in columns, sigmoid units everywhere. With $\mathcal{L}^{(i)} = \frac{1}{2} \|a^{[L](i)} - y^{(i)}\|^2$ the cost is $J = \frac{1}{m} \sum_i \mathcal{L}^{(i)}$.

$Z^{[l]} = W^{[l]} A^{[l-1]} + b^{[l]}$, $A^{[l]} = \sigma(Z^{[l]})$

$\frac{\partial \mathcal{L}^{(i)}}{\partial a^{[L](i)}} = a^{[L](i)} - y^{(i)}$ <!-- ok -->

$\frac{\partial J}{\partial A^{[L]}} = \frac{1}{m} (A^{[L]} - Y)$ <!-- ok -->

$\frac{\partial J}{\partial A^{[L]}} = A^{[L]} - Y$ <!-- M07 -->
""",
}
