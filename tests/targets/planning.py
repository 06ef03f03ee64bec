"""Plans for tests, made as the pipeline makes them."""

from dataclasses import replace

from symbp.network import Network
from symbp.pipeline import derive
from symbp.targets.plan import ModulePlan

DOCUMENTS = ("derivation.en.md", "derivation.ja.md")


def planned(network: Network, notation="jp-uz", layout=None) -> ModulePlan:
    made = derive(network).planned(notation, DOCUMENTS)
    return made if layout is None else replace(made, layout=layout)
