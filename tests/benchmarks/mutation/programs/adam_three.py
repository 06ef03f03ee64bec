import numpy as np

np.random.seed(27)
X = np.random.randn(7, 3)
Y = np.random.randn(7, 2)
W1 = np.random.randn(3, 5) * 0.5
b1 = np.zeros(5)
W2 = np.random.randn(5, 4) * 0.5
b2 = np.zeros(4)
W3 = np.random.randn(4, 2) * 0.5
b3 = np.zeros(2)
m_state = [np.zeros_like(p) for p in (W1, b1, W2, b2, W3, b3)]
v_state = [np.zeros_like(p) for p in (W1, b1, W2, b2, W3, b3)]
lr = 0.01
epochs = 10

for t in range(1, epochs + 1):
    z1 = X @ W1 + b1
    h1 = np.tanh(z1)
    z2 = h1 @ W2 + b2
    h2 = np.tanh(z2)
    out = h2 @ W3 + b3
    loss = 0.5 * np.mean(np.sum((out - Y) ** 2, axis=1))

    dout = (out - Y) / X.shape[0]
    dW3 = h2.T @ dout
    db3 = dout.sum(axis=0)
    dz2 = (dout @ W3.T) * (1 - h2**2)
    dW2 = h1.T @ dz2
    db2 = dz2.sum(axis=0)
    dz1 = (dz2 @ W2.T) * (1 - h1**2)
    dW1 = X.T @ dz1
    db1 = dz1.sum(axis=0)

    params = [W1, b1, W2, b2, W3, b3]
    grads = [dW1, db1, dW2, db2, dW3, db3]
    for i in range(6):
        m_state[i] = 0.9 * m_state[i] + 0.1 * grads[i]
        v_state[i] = 0.999 * v_state[i] + 0.001 * grads[i] ** 2
        m_hat = m_state[i] / (1 - 0.9**t)
        v_hat = v_state[i] / (1 - 0.999**t)
        params[i] -= lr * m_hat / (np.sqrt(v_hat) + 1e-8)
