"""Slips in right programs: what is typed instead, and what the verifier must say."""

from tests.verification.code import programs as p

SLIPS = {
    # name: (program, what is typed in the right one, what instead, codes of which one is told)
    "output slope missing": (
        p.ROWS,
        "dA2 = (A2 - Y) / m\n    dZ2 = dA2 * A2 * (1 - A2)",
        "dZ2 = (A2 - Y) / m",
        {"M01"},
    ),
    "hidden slope missing": (
        p.ROWS,
        "dA1 = dZ2 @ W2.T\n    dZ1 = dA1 * A1 * (1 - A1)",
        "dZ1 = dZ2 @ W2.T",
        {"M02"},
    ),
    "hidden slope missing, columns": (
        p.COLUMNS,
        'dz1 = np.dot(params["W2"].T, dz2) * tanh_prime(a1)',
        'dz1 = np.dot(params["W2"].T, dz2)',
        {"M02"},
    ),
    "helper given the input": (p.COLUMNS, "* tanh_prime(a1)", "* tanh_prime(z1)", {"M04"}),
    "helper written out": (
        p.ROWS,
        "dZ1 = dA1 * A1 * (1 - A1)",
        "dZ1 = dA1 * Z1 * (1 - Z1)",
        {"M04"},
    ),
    "sign of a gradient": (p.ROWS, "dW1 = X.T @ dZ1", "dW1 = -X.T @ dZ1", {"M05"}),
    "sign of an update": (p.ROWS, "W2 -= lr * dW2", "W2 += lr * dW2", {"M05"}),
    "factor in one line": (p.ROWS, "dW2 = A1.T @ dZ2", "dW2 = 2 * A1.T @ dZ2", {"M06"}),
    "mean missing": (
        p.COLUMNS,
        'grads["dW2"] = np.dot(dz2, a1.T) / m',
        'grads["dW2"] = np.dot(dz2, a1.T)',
        {"M07"},
    ),
    "mean twice": (p.ROWS, "dW1 = X.T @ dZ1", "dW1 = X.T @ dZ1 / m", {"M07"}),
    "another loss": (
        p.COLUMNS,
        "cost = -np.sum(Y * np.log(a2) + (1 - Y) * np.log(1 - a2)) / m",
        "cost = np.sum((a2 - Y) ** 2) / (2 * m)",
        {"M08", "M01"},
    ),
    "bias: mean for sum": (
        p.ROWS,
        "db2 = np.sum(dZ2, axis=0, keepdims=True)",
        "db2 = np.mean(dZ2, axis=0, keepdims=True)",
        {"M07", "M17"},
    ),
    "penalty missing": (p.REGULARISED, "dW2 += reg * W2", "dW2 += 0 * W2", {"M20"}),
    "penalty twice": (
        p.REGULARISED,
        "X.T.dot(d1) + reg * W1",
        "X.T.dot(d1) + 2 * reg * W1",
        {"M20"},
    ),
    "mask of the gradient": (
        p.NET_CLASS,
        "(delta2 @ self.w2.T) * (self.u1 > 0)",
        "(delta2 @ self.w2.T) * (delta2 @ self.w2.T > 0)",
        {"M22"},
    ),
    "hidden slope missing in a loop": (
        p.LAYERS,
        "delta = (delta @ W[l].T) * a[l] * (1 - a[l])",
        "delta = (delta @ W[l].T)",
        {"M02"},
    ),
    "transpose missing": (p.ROWS, "dA1 = dZ2 @ W2.T", "dA1 = dZ2 @ W2", {"M11"}),
    "transpose missing, columns": (
        p.COLUMNS,
        'np.dot(params["W2"].T, dz2)',
        'np.dot(params["W2"], dz2)',
        {"M11"},
    ),
    "outer product reversed": (p.ROWS, "dW2 = A1.T @ dZ2", "dW2 = dZ2.T @ A1", {"M12", "M11"}),
    "bias: wrong axis": (
        p.ROWS,
        "db1 = np.sum(dZ1, axis=0, keepdims=True)",
        "db1 = np.sum(dZ1, axis=1, keepdims=True)",
        {"M17"},
    ),
    "bias: all axes": (
        p.ROWS,
        "db1 = np.sum(dZ1, axis=0, keepdims=True)",
        "db1 = np.sum(dZ1)",
        {"M17"},
    ),
    "layer slip": (p.ROWS, "dW1 = X.T @ dZ1", "dW1 = X.T @ dA1", {"M02", "M03"}),
    "prediction minus target reversed": (
        p.ROWS,
        "dA2 = (A2 - Y) / m",
        "dA2 = (Y - A2) / m",
        {"M05"},
    ),
    "softmax without the target": (
        p.SOFTMAX_LABELS,
        "    dscores[range(N), y] -= 1\n",
        "",
        set(),
    ),
    "mask by the gradient in place": (
        p.SOFTMAX_LABELS,
        "dhidden[hidden <= 0] = 0",
        "dhidden[dhidden <= 0] = 0",
        {"M22"},
    ),
}

UPDATED_FIRST = p.ROWS.replace("    W2 -= lr * dW2\n", "").replace(
    "    dA1 = dZ2", "    W2 -= lr * dW2\n    dA1 = dZ2"
)
