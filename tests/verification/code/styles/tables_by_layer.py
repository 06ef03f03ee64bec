import numpy as np

rng = np.random.default_rng(0)
SIZES = (4, 6, 5, 3)
x = rng.standard_normal((20, 4))
t = rng.standard_normal((20, 3))

params = {}
for l in range(1, 4):
    params[f"W{l}"] = rng.standard_normal((SIZES[l - 1], SIZES[l])) * 0.1
    params[f"b{l}"] = np.zeros(SIZES[l])


def by_number(arrays, stem):
    found = {name: array for name, array in arrays.items() if name.startswith(stem)}
    return {int(name.removeprefix(stem)): array for name, array in found.items()}


def by_name(**tables):
    return {f"{stem}{l}": array for stem, table in tables.items() for l, array in table.items()}


def forward(params, x):
    W, b = by_number(params, "W"), by_number(params, "b")
    u, z = {}, {0: x}
    for l in range(1, 4):
        u[l] = z[l - 1] @ W[l] + b[l]
        z[l] = np.tanh(u[l])
    return u, z


def gradients(params, x, t):
    W = by_number(params, "W")
    _, z = forward(params, x)
    loss = 0.5 * np.sum((z[3] - t) ** 2) / len(x)
    delta, dW, db = {}, {}, {}
    delta[3] = (z[3] - t) * (1 - z[3] ** 2) / len(x)
    for l in range(2, 0, -1):
        delta[l] = (delta[l + 1] @ W[l + 1].T) * (1 - z[l] ** 2)
    for l in range(3, 0, -1):
        dW[l] = z[l - 1].T @ delta[l]
        db[l] = delta[l].sum(axis=0)
    return loss, by_name(W=dW, b=db)


for step in range(1000):
    loss, grads = gradients(params, x, t)
    for name in params:
        params[name] = params[name] - 0.1 * grads[name]
