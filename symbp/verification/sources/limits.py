"""How much of a file is read. Whatever is beyond is left out and told as a ``Trouble``."""

CHARACTERS = 1_000_000
"""Of a file."""

LINES = 6_000
"""Of a file."""

COLUMNS = 10_000
"""Of a line."""

FORMULAS = 2_000
"""Rows of mathematics of a page."""

FORMULA = 60_000
"""Characters of a formula of many rows, before and after its macros are expanded."""

ROW = 3_000
"""Characters of a row of mathematics."""

MATHEMATICS = 200_000
"""Characters of all formulas of a page."""

DEPTH = 60
"""Braces within braces in a formula."""

DEFINITIONS = 200
"""Macros that a writer may define."""

EXPANSIONS = 5_000
"""Uses of the writer's macros, on a page."""

PASSES = 8
"""How often what macros expand to is looked through for further macros."""

UNCLOSED = 50
"""Delimiters that open and never close, after which no further formulas are looked for."""

TROUBLES = 100
"""Troubles that are told of one page."""

CELLS = 500
"""Cells of a notebook."""

COLUMNS_OF_TABLE = 30
"""Cells in a row of a table; further ones are left out."""

WORDS = 1_000
"""Characters of words that are read on both sides of a formula on a line."""

CLAIMS = 40
"""Claims in one row, which commas and arrows separate."""

PARSED = 5_000
"""Lines of a text that are tried as Python."""
