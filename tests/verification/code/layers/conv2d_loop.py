import numpy as np


def conv2d(image, kernels, bias):
    h, w = image.shape
    n, k, _ = kernels.shape
    out = np.zeros((n, h - k + 1, w - k + 1))
    for f in range(n):
        for i in range(h - k + 1):
            for j in range(w - k + 1):
                out[f, i, j] = np.sum(image[i : i + k, j : j + k] * kernels[f]) + bias[f]
    return out


def conv2d_backward(dout, image, kernels):
    n, k, _ = kernels.shape
    dkernels = np.zeros_like(kernels)
    dbias = np.zeros(n)
    dimage = np.zeros_like(image)
    for f in range(n):
        for i in range(dout.shape[1]):
            for j in range(dout.shape[2]):
                dkernels[f] += dout[f, i, j] * image[i : i + k, j : j + k]
                dimage[i : i + k, j : j + k] += dout[f, i, j] * kernels[f]
        dbias[f] = np.sum(dout[f])
    return dkernels, dbias, dimage


np.random.seed(0)
image = np.random.randn(7, 6)
target = np.random.randn(2, 3, 2)
K1 = np.random.randn(3, 3, 3) * 0.3
b1 = np.zeros(3)
K2 = np.random.randn(2, 3, 3) * 0.3
b2 = np.zeros(2)
lr = 0.1
epochs = 10
for epoch in range(epochs):
    u1 = conv2d(image, K1, b1)
    a1 = np.tanh(u1)
    m1 = a1.sum(axis=0)
    out = conv2d(m1, K2, b2)
    loss = 0.5 * np.sum((out - target) ** 2)
    dout = out - target
    dK2, db2, dm1 = conv2d_backward(dout, m1, K2)
    du1 = dm1 * (1 - a1**2)
    dK1, db1, _ = conv2d_backward(du1, image, K1)
    K1 -= lr * dK1
    b1 -= lr * db1
    K2 -= lr * dK2
    b2 -= lr * db2
