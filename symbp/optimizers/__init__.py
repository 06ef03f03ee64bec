"""Optimizers: how a weight follows from its gradient, as equations."""
