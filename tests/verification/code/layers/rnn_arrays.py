import numpy as np

np.random.seed(1)
N, T, D, H, K = 6, 4, 3, 5, 2
x = np.random.randn(N, T, D)
y = np.random.randn(N, T, K)
Wxh = np.random.randn(D, H) * 0.3
Whh = np.random.randn(H, H) * 0.3
bh = np.zeros(H)
Why = np.random.randn(H, K) * 0.3
by = np.zeros(K)
lr = 0.05
epochs = 30

for epoch in range(epochs):
    h = np.zeros((N, T + 1, H))
    out = np.zeros((N, T, K))
    for t in range(T):
        h[:, t + 1] = np.tanh(x[:, t] @ Wxh + h[:, t] @ Whh + bh)
        out[:, t] = h[:, t + 1] @ Why + by
    loss = 0.5 * np.sum((out - y) ** 2) / N

    dWxh = np.zeros_like(Wxh)
    dWhh = np.zeros_like(Whh)
    dbh = np.zeros_like(bh)
    dWhy = np.zeros_like(Why)
    dby = np.zeros_like(by)
    dh_next = np.zeros((N, H))
    for t in range(T - 1, -1, -1):
        dout = (out[:, t] - y[:, t]) / N
        dWhy += h[:, t + 1].T @ dout
        dby += dout.sum(axis=0)
        dh = dout @ Why.T + dh_next
        du = dh * (1 - h[:, t + 1] ** 2)
        dWxh += x[:, t].T @ du
        dWhh += h[:, t].T @ du
        dbh += du.sum(axis=0)
        dh_next = du @ Whh.T

    Wxh -= lr * dWxh
    Whh -= lr * dWhh
    bh -= lr * dbh
    Why -= lr * dWhy
    by -= lr * dby
