import numpy as np

rng = np.random.default_rng(8)
x = rng.normal(size=(7, 3))
d = rng.normal(size=(7, 2))
W1 = rng.normal(size=(3, 4))
b1 = rng.normal(size=4)
W2 = rng.normal(size=(4, 2))
b2 = rng.normal(size=2)
eta = 0.02
epochs = 10

for epoch in range(epochs):
    u1 = np.einsum("ni,ij->nj", x, W1) + b1
    z1 = np.tanh(u1)
    u2 = np.einsum("nj,jk->nk", z1, W2) + b2
    E = 0.5 * np.sum((u2 - d) ** 2)

    delta2 = u2 - d
    delta1 = np.einsum("nk,jk->nj", delta2, W2) * (1 - z1**2)
    grad_W2 = np.einsum("nj,nk->jk", z1, delta2)
    grad_b2 = np.einsum("nk->k", delta2)
    grad_W1 = np.einsum("ni,nj->ij", x, delta1)
    grad_b1 = np.einsum("nj->j", delta1)

    W2 -= eta * grad_W2
    b2 -= eta * grad_b2
    W1 -= eta * grad_W1
    b1 -= eta * grad_b1
