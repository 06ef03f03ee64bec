import numpy as np

np.random.seed(4)
N, D, H, K = 7, 3, 5, 4
X = np.random.randn(N, D)
y = np.random.randint(0, K, N)

W = 0.5 * np.random.randn(D, H)
b = np.zeros((1, H))
W2 = 0.5 * np.random.randn(H, K)
b2 = np.zeros((1, K))

step_size = 0.1
reg = 0.01
epochs = 50
for i in range(epochs):
    pre = np.dot(X, W) + b
    hidden = np.maximum(0, pre)
    scores = np.dot(hidden, W2) + b2

    exp_scores = np.exp(scores)
    probs = exp_scores / np.sum(exp_scores, axis=1, keepdims=True)
    logprobs = -np.log(probs[range(N), y])
    data_loss = np.sum(logprobs) / N
    reg_loss = 0.5 * reg * np.sum(W * W) + 0.5 * reg * np.sum(W2 * W2)
    loss = data_loss + reg_loss

    dscores = probs.copy()
    dscores[range(N), y] -= 1
    dscores /= N

    dW2 = np.dot(hidden.T, dscores)
    db2 = np.sum(dscores, axis=0, keepdims=True)
    dhidden = np.dot(dscores, W2.T)
    dhidden[hidden <= 0] = 0
    dW = np.dot(X.T, dhidden)
    db = np.sum(dhidden, axis=0, keepdims=True)

    dW2 += reg * W2
    dW += reg * W

    W -= step_size * dW
    b -= step_size * db
    W2 -= step_size * dW2
    b2 -= step_size * db2
