"""What can go wrong, as facts. Sentences are made elsewhere."""
