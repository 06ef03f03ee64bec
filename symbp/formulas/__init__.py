"""Equations as people type them, ``u[n, j] = sum(i, w[i, j] * x[n, i]) + b[j]``."""
