"""Print what is measured."""

from tests.benchmarks.generation import measure, table

print(table(measure()))
