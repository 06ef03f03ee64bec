"""What it takes to derive a network and to write its module and its documents, all from scratch."""

import pytest

from symbp import gallery
from tests.benchmarks.generation import CASES
from tests.benchmarks.processes import WRITE, least, processor_time, transformer
from tests.layers.networks import NETWORKS
from tests.sampling import sampled

SECONDS = 3
"""Of processor time."""

TRIES = 6
"""At most: noise only adds, and the least counts."""

SAMPLE = {"char_transformer", "residual_mlp", "mlp", "attention", "GRU"}
"""Those that take longest, and one whose depth is open."""


@pytest.mark.slow
@pytest.mark.parametrize("name", sampled((*gallery.names(), *gallery.graphs()), SAMPLE))
def test_a_network_of_the_gallery_is_written_in_time(name, tmp_path):
    seconds = least(5, SECONDS, "-m", "symbp.cli", "generate", name, "--force", "-o", str(tmp_path))
    print(f"{name}: {seconds:.2f} s")
    assert seconds <= SECONDS


@pytest.mark.slow
@pytest.mark.parametrize("name", sampled(NETWORKS, SAMPLE))
def test_a_network_of_every_layer_is_written_in_time(name, tmp_path):
    seconds = least(5, SECONDS, "-c", WRITE, name, str(tmp_path))
    print(f"{name}: {seconds:.2f} s")
    assert seconds <= SECONDS


@pytest.mark.slow
@pytest.mark.parametrize(("name", "seconds"), [("w2", 1.75), ("deep", 2.25)])
def test_layers_of_one_kind_are_derived_once(name, seconds, tmp_path):
    """A few of them, and fifty, in little more than the time of all imports."""
    (case,) = (each for each in CASES if each.name == name)
    path = tmp_path / f"{name}.toml"
    path.write_text(case.declaration, encoding="utf-8")
    found = least(5, seconds, "-m", "symbp.cli", "generate", str(path), "-o", str(tmp_path))
    print(f"{name}: {found:.2f} s")
    assert found <= seconds


@pytest.mark.slow
def test_twelve_blocks_take_no_twice_as_long_as_one(tmp_path):
    best = dict.fromkeys((1, 12), float("inf"))
    for _ in range(TRIES):
        for blocks in best:
            path = tmp_path / f"{blocks}.toml"
            path.write_text(transformer(blocks), encoding="utf-8")
            words = ("-m", "symbp.cli", "generate", str(path), "--force", "-o", str(tmp_path))
            best[blocks] = min(best[blocks], processor_time(*words))
        if best[12] <= 2 * best[1]:
            break
    print(f"{best[1]:.2f} s, {best[12]:.2f} s: {best[12] / best[1]:.2f} times as long")
    assert best[12] <= 2 * best[1]
