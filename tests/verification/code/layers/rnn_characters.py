import numpy as np

text = "to be or not to be that is the question"
letters = sorted(set(text))
index = {c: i for i, c in enumerate(letters)}
V = len(letters)
H = 12
span = 6
lr = 0.1

np.random.seed(0)
U = np.random.randn(H, V) * 0.1
W = np.random.randn(H, H) * 0.1
O = np.random.randn(V, H) * 0.1
b = np.zeros((H, 1))
c = np.zeros((V, 1))


def loss_and_gradients(inputs, targets, h_start):
    xs, hs, ys, ps = {}, {}, {}, {}
    hs[-1] = np.copy(h_start)
    loss = 0
    for t in range(len(inputs)):
        xs[t] = np.zeros((V, 1))
        xs[t][inputs[t]] = 1
        hs[t] = np.tanh(U @ xs[t] + W @ hs[t - 1] + b)
        ys[t] = O @ hs[t] + c
        ps[t] = np.exp(ys[t]) / np.sum(np.exp(ys[t]))
        loss += -np.log(ps[t][targets[t], 0])
    dU, dW, dO = np.zeros_like(U), np.zeros_like(W), np.zeros_like(O)
    db, dc = np.zeros_like(b), np.zeros_like(c)
    dh_next = np.zeros_like(hs[0])
    for t in reversed(range(len(inputs))):
        dy = np.copy(ps[t])
        dy[targets[t]] -= 1
        dO += dy @ hs[t].T
        dc += dy
        dh = O.T @ dy + dh_next
        du = (1 - hs[t] * hs[t]) * dh
        db += du
        dU += du @ xs[t].T
        dW += du @ hs[t - 1].T
        dh_next = W.T @ du
    for grad in [dU, dW, dO, db, dc]:
        np.clip(grad, -5, 5, out=grad)
    return loss, dU, dW, dO, db, dc, hs[len(inputs) - 1]


position = 0
epochs = 500
for epoch in range(epochs):
    if position + span + 1 >= len(text) or epoch == 0:
        h = np.zeros((H, 1))
        position = 0
    inputs = [index[ch] for ch in text[position : position + span]]
    targets = [index[ch] for ch in text[position + 1 : position + span + 1]]
    loss, dU, dW, dO, db, dc, h = loss_and_gradients(inputs, targets, h)
    U -= lr * dU
    W -= lr * dW
    O -= lr * dO
    b -= lr * db
    c -= lr * dc
    position += span
