import numpy as np


def layernorm_forward(x, gamma, beta, ln_param):
    eps = ln_param.get("eps", 1e-5)
    mu = x.mean(axis=1, keepdims=True)
    var = x.var(axis=1, keepdims=True)
    x_norm = (x - mu) / np.sqrt(var + eps)
    out = x_norm * gamma + beta
    return out, (x_norm, gamma, var, eps)


def layernorm_backward(dout, cache):
    x_norm, gamma, var, eps = cache
    D = dout.shape[1]
    dbeta = dout.sum(axis=0)
    dgamma = (dout * x_norm).sum(axis=0)
    dx_norm = dout * gamma
    inner = D * dx_norm - dx_norm.sum(axis=1, keepdims=True)
    inner -= x_norm * (dx_norm * x_norm).sum(axis=1, keepdims=True)
    dx = inner / (D * np.sqrt(var + eps))
    return dx, dgamma, dbeta
