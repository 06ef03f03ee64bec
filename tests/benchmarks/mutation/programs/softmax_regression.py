import numpy as np


def softmax(s):
    e = np.exp(s)
    return e / e.sum(axis=1, keepdims=True)


np.random.seed(17)
X = np.random.randn(7, 4)
labels = np.random.randint(0, 3, 7)
onehot = np.eye(3)[labels]
W = np.random.randn(4, 3) * 0.3
b = np.zeros(3)
lr = 0.3
lam = 0.05
epochs = 40

for step in range(epochs):
    p = softmax(X @ W + b)
    loss = -np.mean(np.sum(onehot * np.log(p), axis=1)) + lam * np.sum(W**2)
    dlogits = (p - onehot) / len(X)
    dW = X.T @ dlogits + 2 * lam * W
    db = dlogits.sum(axis=0)
    W -= lr * dW
    b -= lr * db
