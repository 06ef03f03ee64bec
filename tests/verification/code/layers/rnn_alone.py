import numpy as np

units, letters = 14, 9
U = np.random.randn(units, letters) * 0.05
W = np.random.randn(units, units) * 0.05
V = np.random.randn(letters, units) * 0.05
bu = np.zeros((units, 1))
bs = np.zeros((letters, 1))


def through_time(given, wanted, h_before):
    x, h, p = {}, {}, {}
    h[-1] = np.copy(h_before)
    loss = 0.0
    for t in range(len(given)):
        x[t] = np.zeros((letters, 1))
        x[t][given[t]] = 1
        h[t] = np.tanh(U.dot(x[t]) + W.dot(h[t - 1]) + bu)
        s = V.dot(h[t]) + bs
        p[t] = np.exp(s) / np.exp(s).sum()
        loss -= np.log(p[t][wanted[t], 0])
    dU, dW, dV = np.zeros_like(U), np.zeros_like(W), np.zeros_like(V)
    dbu, dbs = np.zeros_like(bu), np.zeros_like(bs)
    dh_after = np.zeros_like(h[0])
    for t in range(len(given) - 1, -1, -1):
        ds = p[t].copy()
        ds[wanted[t]] -= 1
        dV += ds.dot(h[t].T)
        dbs += ds
        dh = V.T.dot(ds) + dh_after
        du = dh * (1 - h[t] ** 2)
        dbu += du
        dU += du.dot(x[t].T)
        dW += du.dot(h[t - 1].T)
        dh_after = W.T.dot(du)
    return loss, dU, dW, dV, dbu, dbs
