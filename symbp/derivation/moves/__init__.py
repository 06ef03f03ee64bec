"""The moves of a derivation: each a small class whose docstring is its formula.

A move is given an expression and answers with another that equals it, or with None where it does
not apply. The words for people live elsewhere, under the move's name.
"""
