import numpy as np
W = np.zeros((D, C))
for it in range(100):
    scores = X.dot(W)
    scores -= np.max(scores, axis=1, keepdims=True)
    p = np.exp(scores)
    p /= np.sum(p, axis=1, keepdims=True)
    loss = -np.mean(np.log(p[range(N), y])) + 0.5 * reg * np.sum(W * W)
    dscores = p
    dscores[range(N), y] -= 1
    dscores /= N
    dW = X.T.dot(dscores) + reg * W
    W += -1e-3 * dW
