"""Commands as a person types them: what they print, and with what exit code they end."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from symbp.cli import main

BAD = """name = "no name"
inputs = -3
loss = "half_squared_eror"

[[layers]]
units = true
activation = "relo"
"""


def run(capsys, *words):
    code = main(list(words))
    out, err = capsys.readouterr()
    return code, out, err


def test_derive_prints_the_derivation(capsys):
    code, out, err = run(capsys, "derive", "xor", "--lang", "ja")
    assert (code, err) == (0, "")
    assert "連鎖律" in out
    assert "δ²ₙⱼ = (yₙⱼ − dₙⱼ)/N" in out or "= (yₙⱼ − dₙⱼ)/N" in out


def test_derive_certifies(capsys):
    code, out, _ = run(capsys, "derive", "scalar", "--certify")
    assert code == 0
    assert "lines checked" in out.splitlines()[-1]


def test_derive_goes_on_to_second_derivatives(capsys):
    code, out, _ = run(capsys, "derive", "multinomial_wine", "--hvp", "--certify")
    assert code == 0
    assert "= 1/N yₙⱼ ([i = j] − yₙᵢ)" in out  # diag(y) − y yᵀ
    assert "Hw̃¹ᵢⱼ = Σₙ δ̃¹ₙⱼ xₙᵢ + λ w̃¹ᵢⱼ" in out
    assert "could not" not in out.splitlines()[-1]


def test_for_any_number_of_layers_too(capsys):
    _, out, _ = run(capsys, "derive", "mlp", "--hvp", "--lang", "ja")
    assert "+ Σₖ δˡ⁺¹ₙₖ wˡ⁺¹ⱼₖ fˡ′′(uˡₙⱼ)" in out
    assert "ガウス・ニュートン行列" in out


def test_a_generated_module_checks_its_hessian(capsys, tmp_path):
    assert run(capsys, "generate", "xor", "--hvp", "-o", str(tmp_path))[0] == 0
    module = tmp_path / "xor" / "xor_numpy.py"
    command = [sys.executable, str(module), "check"]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr
    assert found.stdout.count("agrees") == 8
    assert "H w1" in found.stdout


@pytest.mark.parametrize(
    ("file", "begins"),
    [("a.tex", "% symbp:sha256="), ("a.md", "<!-- symbp:sha256="), ("a.txt", "# symbp:sha256=")],
)
def test_the_name_of_the_output_says_the_format(capsys, tmp_path, file, begins):
    path = tmp_path / file
    assert run(capsys, "derive", "neuron", "-o", str(path))[0] == 0
    assert path.read_text(encoding="utf-8").startswith(begins)


def test_generate_writes_and_then_changes_nothing(capsys, tmp_path):
    code, out, _ = run(capsys, "generate", "scalar", "neuron", "-o", str(tmp_path))
    assert code == 0
    assert out.count("written") == 10
    code, out, _ = run(capsys, "generate", "scalar", "-o", str(tmp_path))
    assert (code, out.count("unchanged")) == (0, 5)


def test_a_file_edited_by_hand_is_kept(capsys, tmp_path):
    run(capsys, "generate", "scalar", "-o", str(tmp_path))
    path = tmp_path / "scalar" / "scalar_numpy.py"
    path.write_text(path.read_text(encoding="utf-8") + "# mine\n", encoding="utf-8")
    (tmp_path / "scalar" / "derivation.en.md").unlink()
    code, out, err = run(capsys, "generate", "scalar", "-o", str(tmp_path))
    assert code == 2
    assert "edited by hand" in err
    assert str(path) in err
    assert out == ""
    assert path.read_text(encoding="utf-8").endswith("# mine\n")
    assert not (tmp_path / "scalar" / "derivation.en.md").exists()
    assert run(capsys, "generate", "scalar", "-o", str(tmp_path), "--force")[0] == 0
    assert not path.read_text(encoding="utf-8").endswith("# mine\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("derive", "xorr"), 'Did you mean "xor"?'),
        (("derive", "nowhere.toml"), "nowhere.toml"),
        (("derive", "xor", "--notation", "nilsen"), "nielsen"),
        (("derive", "xor", "-o", "xor.pdf"), 'xor.pdf: The ending ".pdf"'),
        (("generate", "xor", "xorr", "-o", "/proc/none"), 'Did you mean "xor"?'),
        (("derive", "xor", "-o", "/proc/none/a.tex"), "cannot be written"),
        (("generate", "xor", "-o", "/proc/none"), "cannot be written"),
    ],
)
def test_unusable_input_is_one_plain_message(capsys, words, said):
    code, out, err = run(capsys, *words)
    assert (code, out) == (2, "")
    assert said in err
    assert "Traceback" not in err
    assert len(err.splitlines()) == 1


def test_all_that_is_wrong_with_a_declaration_is_told_at_once(capsys, tmp_path):
    path = tmp_path / "bad.toml"
    path.write_text(BAD, encoding="utf-8")
    code, out, err = run(capsys, "generate", str(path), "-o", str(tmp_path))
    assert (code, out) == (2, "")
    lines = err.splitlines()
    numbers = [line.removeprefix(f"{path}:").split(":")[0] for line in lines]
    assert numbers == ["1", "2", "3", "6", "7"]
    assert 'Did you mean "relu"?' in lines[-1]
    assert list(tmp_path.iterdir()) == [path]


def test_a_function_left_open_is_derived_and_not_generated(capsys, tmp_path):
    path = tmp_path / "open.toml"
    layers = '[[layers]]\nunits = 3\nactivation = "general"\n[[layers]]\nunits = 2\n'
    path.write_text(f'name = "open"\ninputs = 4\nloss = "half_squared_error"\n{layers}', "utf-8")
    code, out, _ = run(capsys, "derive", str(path))
    assert code == 0
    assert "f¹′(u¹ₙⱼ)" in out
    code, out, err = run(capsys, "generate", str(path), "-o", str(tmp_path / "here"))
    assert (code, out) == (2, "")
    assert "activation of layer 1 is left open" in err


def test_two_networks_of_one_name_are_not_written_over_each_other(capsys, tmp_path):
    code, out, err = run(capsys, "generate", "xor", "scalar", "xor", "-o", str(tmp_path))
    assert (code, out) == (2, "")
    assert "two networks are called xor" in err
    assert not list(tmp_path.iterdir())


def test_usage_errors_end_with_two():
    with pytest.raises(SystemExit) as stopped:
        main(["derive"])
    assert stopped.value.code == 2


def test_networks_lists_the_gallery(capsys):
    code, out, _ = run(capsys, "networks", "--names")
    assert code == 0
    assert "xor_squared" in out.splitlines()


@pytest.mark.slow
def test_demo_does_all_of_it(tmp_path):
    command = [sys.executable, "-m", "symbp.cli", "demo", "-o", "here"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, check=False, env=environment
    )
    assert done.returncode == 0, done.stderr
    assert "accuracy 100.00%" in done.stdout
    assert done.stdout.count("agrees") == 4
    assert (tmp_path / "here" / "xor" / "derivation.ja.tex").exists()


def shell(command, folder, **environment):
    path = {"PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", f"{sys.executable} -m symbp.cli {command}"],
        capture_output=True,
        check=False,
        cwd=folder,
        env={**os.environ, **path, **environment},
    )


@pytest.mark.parametrize("encoding", ["ascii", "cp932"])
def test_output_is_utf8_whatever_the_locale(tmp_path, encoding):
    done = shell("derive neuron --lang ja", tmp_path, PYTHONIOENCODING=encoding)
    assert (done.returncode, done.stderr) == (0, b"")
    assert "連鎖律" in done.stdout.decode("utf-8")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device")
def test_a_full_disk_is_one_plain_message(tmp_path):
    done = shell("networks --names > /dev/full", tmp_path)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert b"No space left" in done.stderr


def test_a_closed_pipe_is_no_error(tmp_path):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = f"{sys.executable} -m symbp.cli derive mnist | head -n 1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env=environment,
    )
    assert (done.returncode, done.stderr) == (0, "")
