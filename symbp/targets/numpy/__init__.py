"""NumPy: one readable module that needs nothing else."""
