"""How it is spelled: expressions to text under a convention, and text back to expressions."""
