import numpy as np


def softmax(s):
    e = np.exp(s - s.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


np.random.seed(4)
T, D, K, M = 6, 5, 4, 3
X = np.random.randn(T, D)
Y = np.random.randn(T, M)
Wq = np.random.randn(D, K) * 0.4
Wk = np.random.randn(D, K) * 0.4
Wv = np.random.randn(D, M) * 0.4
lr = 0.1
epochs = 50

for epoch in range(epochs):
    Q = X @ Wq
    Kmat = X @ Wk
    V = X @ Wv
    S = Q @ Kmat.T / np.sqrt(K)
    P = softmax(S)
    O = P @ V
    loss = 0.5 * np.sum((O - Y) ** 2)

    dO = O - Y
    dV = P.T @ dO
    dP = dO @ V.T
    dS = P * (dP - np.sum(dP * P, axis=-1, keepdims=True))
    dQ = dS @ Kmat / np.sqrt(K)
    dK = dS.T @ Q / np.sqrt(K)
    dWq = X.T @ dQ
    dWk = X.T @ dK
    dWv = X.T @ dV

    Wq -= lr * dWq
    Wk -= lr * dWk
    Wv -= lr * dWv
