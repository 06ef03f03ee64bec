"""NumPy programs, read and never run."""
