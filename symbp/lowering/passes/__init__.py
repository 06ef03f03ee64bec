"""What makes an array program fast: one file a pass, each from statements to statements."""
