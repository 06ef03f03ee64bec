"""Which name on a page plays which role, and what the page says of its network."""
