"""Claims on paper, judged."""
