import numpy as np

rng = np.random.default_rng(2)
sizes = [3, 5, 4, 2]
weights = [rng.normal(size=(sizes[i], sizes[i + 1])) * 0.5 for i in range(3)]
biases = [rng.normal(size=sizes[i + 1]) * 0.1 for i in range(3)]
X = rng.normal(size=(7, 3))
Y = rng.normal(size=(7, 2))
lr = 0.05
epochs = 30

for epoch in range(epochs):
    activations = [X]
    for W, b in zip(weights[:-1], biases[:-1]):
        activations.append(np.tanh(activations[-1] @ W + b))
    out = activations[-1] @ weights[-1] + biases[-1]
    loss = np.sum((out - Y) ** 2) / (2 * len(X))

    delta = (out - Y) / len(X)
    grads_W = [None] * 3
    grads_b = [None] * 3
    for l in reversed(range(3)):
        grads_W[l] = activations[l].T @ delta
        grads_b[l] = delta.sum(axis=0)
        if l > 0:
            delta = (delta @ weights[l].T) * (1 - activations[l] ** 2)
    for l in range(3):
        weights[l] -= lr * grads_W[l]
        biases[l] -= lr * grads_b[l]
print(loss)
