from dataclasses import dataclass, field
import numpy as np


@dataclass
class Layer:
    n_in: int
    n_out: int
    scale: float = 0.1
    W: np.ndarray = field(init=False)
    b: np.ndarray = field(init=False)
    seen: list = field(default_factory=list)

    def __post_init__(self):
        self.W = np.random.randn(self.n_out, self.n_in) * self.scale
        self.b = np.zeros((self.n_out, 1))

    def forward(self, a):
        self.a_in = a
        self.z = np.matmul(self.W, a) + self.b
        self.a_out = np.tanh(self.z)
        self.seen.append(a)
        return self.a_out

    def backward(self, da, lr):
        m = da.shape[1]
        dz = np.multiply(da, 1 - np.square(self.a_out))
        dW = np.matmul(dz, self.a_in.T) / m
        db = dz.mean(axis=1, keepdims=True)
        da_prev = np.matmul(self.W.T, dz)
        self.W -= lr * dW
        self.b -= lr * db
        return da_prev


def half_mse(y_hat, y):
    return np.sum((y_hat - y) ** 2) / (2 * y.shape[1])


def train(X, Y, lr, epochs):
    layers = [Layer(2, 5), Layer(5, 5), Layer(5, 1, 0.5)]
    for ep in range(epochs):
        a = X
        for layer in layers:
            a = layer.forward(a)
        loss = half_mse(a, Y)
        grad = a - Y
        for layer in layers[::-1]:
            grad = layer.backward(grad, lr)
        if ep % 100 == 0:
            print(f"{ep}: {loss:.6f}")
    return layers


def main():
    X = np.array([[0, 0, 1, 1], [0, 1, 0, 1]], dtype=float)
    Y = np.array([[-1, 1, 1, -1]], dtype=float)
    train(X, Y, 0.1, 1000)


if __name__ == "__main__":
    main()
