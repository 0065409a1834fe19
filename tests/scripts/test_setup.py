"""The set-up: what it installs is pinned, consistent, and only done when its inputs have changed."""

import json
from pathlib import Path

import pytest

from scripts import setup
from scripts.setup import ROOT, SetupFailed, Step, icon_sprite


def pins(name: str) -> dict[str, str]:
    lines = (ROOT / "requirements" / name).read_text().splitlines()
    return dict(line.split("==") for line in lines if line)


def test_development_holds_every_run_time_pin():
    assert pins("run.txt").items() <= pins("dev.txt").items()


def test_front_end_packages_are_pinned_and_locked_without_addresses():
    wanted = json.loads((ROOT / "package.json").read_text())["dependencies"]
    lock = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert {name: lock[f"node_modules/{name}"]["version"] for name in wanted} == wanted
    assert not [name for name, package in lock.items() if "resolved" in package]


def test_a_step_is_done_until_its_inputs_or_outputs_change(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(setup, "ROOT", tmp_path)
    monkeypatch.setattr(setup, "STAMPS", tmp_path)
    pinned, made = tmp_path / "pins.txt", tmp_path / "made"
    pinned.write_text("a==1")
    step = Step("step", "a step", ("pins.txt",), (made,), lambda: None)
    assert not step.done()
    made.touch()
    (tmp_path / "step").write_text(step.fingerprint())
    assert step.done()
    pinned.write_text("a==2")
    assert not step.done()
    pinned.write_text("a==1")
    assert step.done()
    made.unlink()
    assert not step.done()


def test_an_unknown_icon_is_named():
    with pytest.raises(SetupFailed, match="no-such-icon"):
        icon_sprite(["no-such-icon"])
