import numpy as np


def f(x):
    return 1 / (1 + np.exp(-x))


def fprime(x):
    return f(x) * (1 - f(x))


np.random.seed(18)
x = np.random.randn(7, 3)
target = np.random.rand(7, 2)
w1 = np.random.randn(3, 4)
w2 = np.random.randn(4, 5)
w3 = np.random.randn(5, 2)
rate = 0.05
epochs = 30

for n in range(epochs):
    u1 = x @ w1
    o1 = f(u1)
    u2 = o1 @ w2
    o2 = f(u2)
    u3 = o2 @ w3
    o3 = f(u3)
    error = 0.5 * np.sum((target - o3) ** 2)

    d3 = (target - o3) * fprime(u3)
    d2 = (d3 @ w3.T) * fprime(u2)
    d1 = (d2 @ w2.T) * fprime(u1)

    w3 += rate * o2.T @ d3
    w2 += rate * o1.T @ d2
    w1 += rate * x.T @ d1
