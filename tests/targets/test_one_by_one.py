"""Modules whose equations are those of one sample, with masks and several losses; odd signs."""

import subprocess
import sys

import numpy as np
import pytest

from symbp import Dense, Loss, Network, derive
from symbp.layers import Dropout, GroupNorm, LayerNorm, Node
from symbp.layers.shapes import Flatten
from tests.targets.test_fast import loaded

LOSSES = {
    "one": "mean_squared_error",
    "two": [Loss.of("mean_squared_error", reads="a"), Loss.of("mean_squared_error")],
}


def dropped(losses):
    layers = [Node(Dense(4, "tanh"), name="a"), Dropout(0.3), Dense(2)]
    return Network.of("net", 3, layers, LOSSES[losses], batch=False)


@pytest.mark.parametrize("style", ["plain", "fast"])
@pytest.mark.parametrize("losses", LOSSES)
def test_masks_are_drawn_for_each_sample(losses, style):
    module = loaded(derive(dropped(losses)).emit(style=style))
    data = module.check_data(*module.random_data(9))
    assert max(module.check_gradients(module.init_params(1), *data).values()) < 1e-8
    masks = module.draw(np.random.default_rng(0), 9)
    assert [mask.shape for mask in masks] == [(9, 4)]
    how = {"epochs": 20, "batch_size": 4, "rate": 0.05, "verbose": False}
    _, history = module.train(*data, split=0.3, **how)
    assert history["loss"][-1] < history["loss"][0]
    assert len(history["validation"]) == 20


@pytest.mark.parametrize("style", ["plain", "fast"])
def test_the_command_prints_means_of_each_loss(style, tmp_path):
    path = tmp_path / "net.py"
    path.write_text(derive(dropped("two")).emit(style=style), encoding="utf-8")
    module = loaded(path.read_text(encoding="utf-8"))
    data = module.check_data(*module.random_data(9))
    np.savez(tmp_path / "data.npz", **dict(zip(("x", *module.TARGETS), data, strict=True)))
    command = [sys.executable, path, "train", "data.npz", "--epochs", "1", "--rate", "1e-9"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    told = dict(line.rsplit(" ", 1) for line in done.stdout.splitlines() if line.startswith("D"))
    whole = float(done.stdout.split()[1])
    assert sum(map(float, told.values())) == pytest.approx(whole, rel=0.5)  # other masks


@pytest.mark.parametrize("notation", ["matrix-rows", "matrix-columns", "dlai", "cs231n"])
@pytest.mark.parametrize(
    ("shape", "layers"),
    [((4, 2), [LayerNorm(), Dense(2)]), ((4, 5), [GroupNorm(2), Flatten(), Dense(2)])],
    ids=["means over units", "means of groups"],
)
def test_capitals_of_greek_letters_are_names(shape, layers, notation):
    module = loaded(derive(Network.of("net", shape, layers)).emit(notation))
    data = module.check_data(*module.random_data(5))
    assert max(module.check_gradients(module.init_params(1), *data).values()) < 1e-7


def test_whoever_reads_predictions_may_leave(tmp_path):
    path = tmp_path / "net.py"
    path.write_text(derive("xor").emit(), encoding="utf-8")
    module = loaded(path.read_text(encoding="utf-8"))
    module.save(module.init_params(), tmp_path / "net.npz")
    np.savez(tmp_path / "data.npz", x=np.zeros((200_000, 2)))
    command = [sys.executable, path, "predict", "data.npz", "--params", "net.npz"]
    with subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout.readline()
        process.stdout.close()
        told = process.stderr.read()
    assert told == b""
