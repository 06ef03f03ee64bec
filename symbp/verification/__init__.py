"""Checks what people wrote, on paper and in code, against what the equations say."""
