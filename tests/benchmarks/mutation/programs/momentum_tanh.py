import numpy as np

np.random.seed(5)
x = np.random.randn(7, 3)
t = np.random.randn(7, 2)
n = x.shape[0]

w1 = np.random.randn(3, 4) * 0.5
c1 = np.zeros(4)
w2 = np.random.randn(4, 2) * 0.5
c2 = np.zeros(2)
v_w1 = np.zeros_like(w1)
v_c1 = np.zeros_like(c1)
v_w2 = np.zeros_like(w2)
v_c2 = np.zeros_like(c2)
lr = 0.05
mu = 0.9
epochs = 40

for step in range(epochs):
    u1 = x @ w1 + c1
    h1 = np.tanh(u1)
    out = h1 @ w2 + c2
    loss = 0.5 * np.sum((out - t) ** 2) / n

    g_out = (out - t) / n
    g_w2 = h1.T @ g_out
    g_c2 = g_out.sum(axis=0)
    g_h1 = g_out @ w2.T
    g_u1 = g_h1 * (1 - h1 * h1)
    g_w1 = x.T @ g_u1
    g_c1 = g_u1.sum(axis=0)

    v_w1 = mu * v_w1 - lr * g_w1
    v_c1 = mu * v_c1 - lr * g_c1
    v_w2 = mu * v_w2 - lr * g_w2
    v_c2 = mu * v_c2 - lr * g_c2
    w1 += v_w1
    c1 += v_c1
    w2 += v_w2
    c2 += v_c2
