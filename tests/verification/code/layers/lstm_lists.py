import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


np.random.seed(0)
T, N, D, H = 3, 5, 4, 6
xs = np.random.randn(T, N, D)
target = np.random.randn(N, 2)
Wf, Wi, Wg, Wo = [np.random.randn(D + H, H) * 0.2 for _ in range(4)]
bf, bi, bg, bo = [np.zeros(H) for _ in range(4)]
Wy = np.random.randn(H, 2) * 0.2
lr = 0.1
epochs = 40

for epoch in range(epochs):
    hs = [np.zeros((N, H))]
    cs = [np.zeros((N, H))]
    zs, fs, is_, gs, os_ = [], [], [], [], []
    for t in range(T):
        z = np.concatenate([xs[t], hs[-1]], axis=1)
        f = sigmoid(z @ Wf + bf)
        i = sigmoid(z @ Wi + bi)
        g = np.tanh(z @ Wg + bg)
        o = sigmoid(z @ Wo + bo)
        c = f * cs[-1] + i * g
        h = o * np.tanh(c)
        zs.append(z)
        fs.append(f)
        is_.append(i)
        gs.append(g)
        os_.append(o)
        cs.append(c)
        hs.append(h)
    y = hs[-1] @ Wy
    loss = 0.5 * np.sum((y - target) ** 2)

    dy = y - target
    dWy = hs[-1].T @ dy
    dh = dy @ Wy.T
    dc = np.zeros((N, H))
    dWf, dWi, dWg, dWo = [np.zeros_like(Wf) for _ in range(4)]
    dbf, dbi, dbg, dbo = [np.zeros_like(bf) for _ in range(4)]
    for t in reversed(range(T)):
        f, i, g, o, c, z = fs[t], is_[t], gs[t], os_[t], cs[t + 1], zs[t]
        do = dh * np.tanh(c)
        dc = dc + dh * o * (1 - np.tanh(c) ** 2)
        df = dc * cs[t]
        di = dc * g
        dg = dc * i
        duf = df * f * (1 - f)
        dui = di * i * (1 - i)
        dug = dg * (1 - g**2)
        duo = do * o * (1 - o)
        dWf += z.T @ duf
        dWi += z.T @ dui
        dWg += z.T @ dug
        dWo += z.T @ duo
        dbf += duf.sum(axis=0)
        dbi += dui.sum(axis=0)
        dbg += dug.sum(axis=0)
        dbo += duo.sum(axis=0)
        dz = duf @ Wf.T + dui @ Wi.T + dug @ Wg.T + duo @ Wo.T
        dh = dz[:, D:]
        dc = dc * f

    Wf -= lr * dWf
    Wi -= lr * dWi
    Wg -= lr * dWg
    Wo -= lr * dWo
    bf -= lr * dbf
    bi -= lr * dbi
    bg -= lr * dbg
    bo -= lr * dbo
    Wy -= lr * dWy
