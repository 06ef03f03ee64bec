import numpy as np

# Two-layer net with batch normalisation, every node of the graph by itself


def bn_forward(u, gamma, beta, eps=1e-5):
    N, D = u.shape
    mu = 1.0 / N * np.sum(u, axis=0)
    centred = u - mu
    sq = centred**2
    var = 1.0 / N * np.sum(sq, axis=0)
    std = np.sqrt(var + eps)
    inv = 1.0 / std
    hat = centred * inv
    scaled = gamma * hat
    out = scaled + beta
    cache = (hat, gamma, centred, inv, std, var, eps)
    return out, cache


def bn_backward(dout, cache):
    hat, gamma, centred, inv, std, var, eps = cache
    N, D = dout.shape
    dbeta = np.sum(dout, axis=0)
    dscaled = dout
    dgamma = np.sum(dscaled * hat, axis=0)
    dhat = dscaled * gamma
    dinv = np.sum(dhat * centred, axis=0)
    dcentred1 = dhat * inv
    dstd = -1.0 / (std**2) * dinv
    dvar = 0.5 * 1.0 / np.sqrt(var + eps) * dstd
    dsq = 1.0 / N * np.ones((N, D)) * dvar
    dcentred2 = 2 * centred * dsq
    du1 = dcentred1 + dcentred2
    dmu = -1 * np.sum(dcentred1 + dcentred2, axis=0)
    du2 = 1.0 / N * np.ones((N, D)) * dmu
    du = du1 + du2
    return du, dgamma, dbeta


np.random.seed(3)
X = np.random.randn(9, 4)
Y = np.random.randn(9, 2)
W1 = np.random.randn(4, 5) * 0.4
W2 = np.random.randn(5, 2) * 0.4
b2 = np.zeros(2)
gamma = np.random.rand(5) + 0.5
beta = np.zeros(5)
lr = 0.1
epochs = 200
for epoch in range(epochs):
    u1 = X.dot(W1)
    n1, cache = bn_forward(u1, gamma, beta)
    h = np.tanh(n1)
    out = h.dot(W2) + b2
    loss = 0.5 * np.sum((out - Y) ** 2) / X.shape[0]

    dout = (out - Y) / X.shape[0]
    dW2 = h.T.dot(dout)
    db2 = dout.sum(axis=0)
    dh = dout.dot(W2.T)
    dn1 = dh * (1 - h**2)
    du1, dgamma, dbeta = bn_backward(dn1, cache)
    dW1 = X.T.dot(du1)

    W1 -= lr * dW1
    W2 -= lr * dW2
    b2 -= lr * db2
    gamma -= lr * dgamma
    beta -= lr * dbeta
