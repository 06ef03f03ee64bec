"""Activation functions: forward formulas only."""
