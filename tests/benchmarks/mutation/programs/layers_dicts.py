import numpy as np

rng = np.random.default_rng(21)
layers = [
    {"W": rng.normal(size=(4, 3)), "b": np.zeros((4, 1))},
    {"W": rng.normal(size=(5, 4)), "b": np.zeros((5, 1))},
    {"W": rng.normal(size=(2, 5)), "b": np.zeros((2, 1))},
]
X = rng.normal(size=(3, 7))
Y = rng.uniform(size=(2, 7))
m = X.shape[1]
lr = 0.1
epochs = 15


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


for epoch in range(epochs):
    A = X
    outputs = [A]
    for layer in layers:
        A = sigmoid(layer["W"] @ A + layer["b"])
        outputs.append(A)
    loss = -np.sum(Y * np.log(A) + (1 - Y) * np.log(1 - A)) / m

    dZ = outputs[3] - Y
    for k in (2, 1, 0):
        W = layers[k]["W"].copy()
        dW = dZ @ outputs[k].T / m
        db = dZ.sum(axis=1, keepdims=True) / m
        if k > 0:
            dZ = (W.T @ dZ) * outputs[k] * (1 - outputs[k])
        layers[k]["W"] -= lr * dW
        layers[k]["b"] -= lr * db
