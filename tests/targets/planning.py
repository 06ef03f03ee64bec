"""Plans for tests, made as the pipeline makes them."""

from dataclasses import replace

from symbp.network import Network
from symbp.notation.notation import Notation
from symbp.pipeline import derive
from symbp.planning import plan
from symbp.targets.plan import ModulePlan


def planned(network: Network, notation="jp-uz", layout=None) -> ModulePlan:
    derived = derive(network)
    spelled = Notation(notation, network.concrete.last)
    documents = ("derivation.en.md", "derivation.ja.md")
    made = plan(network, derived.computed, derived.lesson, spelled, documents)
    return made if layout is None else replace(made, layout=layout)
