import numpy as np

np.random.seed(0)
vocab, dim, classes = 9, 4, 3
tokens = np.random.randint(0, vocab, size=(6, 5))
labels = np.random.randint(0, classes, size=6)
E = np.random.randn(vocab, dim) * 0.5
W = np.random.randn(dim, classes) * 0.5
b = np.zeros(classes)
lr = 0.5
epochs = 60
for epoch in range(epochs):
    e = E[tokens]
    mean = e.mean(axis=1)
    scores = mean @ W + b
    scores -= scores.max(axis=1, keepdims=True)
    probs = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    loss = -np.log(probs[np.arange(len(labels)), labels]).mean()

    dscores = probs.copy()
    dscores[np.arange(len(labels)), labels] -= 1
    dscores /= len(labels)
    dW = mean.T @ dscores
    db = dscores.sum(axis=0)
    dmean = dscores @ W.T
    de = np.repeat(dmean[:, None, :], tokens.shape[1], axis=1) / tokens.shape[1]
    dE = np.zeros_like(E)
    np.add.at(dE, tokens, de)

    E -= lr * dE
    W -= lr * dW
    b -= lr * db
