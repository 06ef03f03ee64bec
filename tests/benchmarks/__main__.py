"""Print what is measured."""

from tests.benchmarks import generation, verification

print(generation.table(generation.measure()))
print()
print(verification.table(verification.measure()))
