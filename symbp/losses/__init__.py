"""Losses: forward formulas only."""
