"""Networks as people write them down, in TOML."""
