"""Texts that were made before: where they lie, what they depend on, and that they are whole."""
