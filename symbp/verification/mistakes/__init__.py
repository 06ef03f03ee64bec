"""Mistakes that people make in backpropagation, a file each."""
