import numpy as np

np.random.seed(10)
X = np.random.randn(7, 4)
y = np.random.randn(7, 3)
W1 = np.random.randn(4, 5) * 0.3
b1 = np.zeros((1, 5))
W2 = np.random.randn(5, 3) * 0.3
b2 = np.zeros((1, 3))
learning_rate = 0.1
epochs = 50

for epoch in range(epochs):
    hidden_in = X.dot(W1) + b1
    hidden = np.maximum(hidden_in, 0)
    pred = hidden.dot(W2) + b2
    loss = np.mean((pred - y) ** 2)

    dpred = 2 * (pred - y) / y.size
    dW2 = hidden.T.dot(dpred)
    db2 = dpred.sum(axis=0, keepdims=True)
    dhidden = dpred.dot(W2.T)
    dhidden_in = dhidden * (hidden_in > 0)
    dW1 = X.T.dot(dhidden_in)
    db1 = dhidden_in.sum(axis=0, keepdims=True)

    W1 -= learning_rate * dW1
    b1 -= learning_rate * db1
    W2 -= learning_rate * dW2
    b2 -= learning_rate * db2
