"""What can go wrong, as facts. Sentences are made elsewhere."""


class SymbpError(Exception):
    """The root of all that symbp raises on purpose."""
