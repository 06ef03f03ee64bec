import numpy as np

rng = np.random.default_rng(1)
B, T, C, n_head = 3, 4, 6, 2
hs = C // n_head
x = rng.standard_normal((B, T, C))
target = rng.standard_normal((B, T, C))
Wq = rng.standard_normal((C, C)) * 0.3
Wk = rng.standard_normal((C, C)) * 0.3
Wv = rng.standard_normal((C, C)) * 0.3
Wo = rng.standard_normal((C, C)) * 0.3
lr = 0.05
epochs = 20
mask = np.tril(np.ones((T, T)))

for epoch in range(epochs):
    q = (x @ Wq).reshape(B, T, n_head, hs).transpose(0, 2, 1, 3)
    k = (x @ Wk).reshape(B, T, n_head, hs).transpose(0, 2, 1, 3)
    v = (x @ Wv).reshape(B, T, n_head, hs).transpose(0, 2, 1, 3)
    scores = q @ k.transpose(0, 1, 3, 2) / np.sqrt(hs)
    scores = np.where(mask == 0, -1e9, scores)
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    att = e / e.sum(axis=-1, keepdims=True)
    o = att @ v
    merged = o.transpose(0, 2, 1, 3).reshape(B, T, C)
    out = merged @ Wo
    loss = 0.5 * np.mean((out - target) ** 2)

    dout = (out - target) / out.size
    dWo = merged.reshape(-1, C).T @ dout.reshape(-1, C)
    dmerged = dout @ Wo.T
    do = dmerged.reshape(B, T, n_head, hs).transpose(0, 2, 1, 3)
    datt = do @ v.transpose(0, 1, 3, 2)
    dv = att.transpose(0, 1, 3, 2) @ do
    dscores = att * (datt - (datt * att).sum(axis=-1, keepdims=True))
    dq = dscores @ k / np.sqrt(hs)
    dk = dscores.transpose(0, 1, 3, 2) @ q / np.sqrt(hs)
    dq = dq.transpose(0, 2, 1, 3).reshape(B * T, C)
    dk = dk.transpose(0, 2, 1, 3).reshape(B * T, C)
    dv = dv.transpose(0, 2, 1, 3).reshape(B * T, C)
    flat = x.reshape(B * T, C)
    dWq = flat.T @ dq
    dWk = flat.T @ dk
    dWv = flat.T @ dv

    Wq -= lr * dWq
    Wk -= lr * dWk
    Wv -= lr * dWv
    Wo -= lr * dWo
