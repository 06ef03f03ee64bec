"""How an equation is computed: from index notation to whole arrays."""
