"""From the text of a file to its formulas, words and programs, each with its place.

``read.read_page`` cuts a file into pieces; ``statements.read_statements`` finds its claims;
``stated.stated_losses`` finds losses that are stated as numbers.
"""
