"""What a network is made of: forward equations, a file per layer."""
