"""Derivations as documents that people read."""
