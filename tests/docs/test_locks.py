"""What the locks pin can be installed by pip, which heeds what their resolver overlooks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from importlib import metadata
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from tools import PROJECT
from tools.requires_python import KEPT, normal

KERAS = PROJECT / "requirements/keras.txt"
MODELS = sorted((PROJECT / "requirements/models").glob("*.txt"))
_PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]+\])?==([^ ;\\]+)(?: ; (.+?))? \\$", re.MULTILINE)
_NAMES = re.compile(r"^([A-Za-z0-9._-]+)(?:\[([^]]+)\])?==", re.MULTILINE)
_LINUX = {"sys_platform": "linux", "platform_machine": "x86_64", "platform_system": "Linux"}


def installed(lock: str, python: str) -> Iterable[str]:
    """name==version of what a lock installs under a Python on Linux."""
    environment = {**_LINUX, "python_version": python, "python_full_version": f"{python}.0"}
    for name, version, marker in _PIN.findall(lock):
        if not marker or Marker(marker).evaluate(environment):
            yield f"{normal(name)}=={version}"


def refused(pins: Iterable[str], kept: Mapping[str, str], python: str) -> dict[str, str]:
    """Of some pins those that pip would not install under a Python, or that it was not asked about;
    with why."""
    return {
        pin: kept.get(pin, "not looked at; run: make lock")
        for pin in pins
        if pin not in kept or not SpecifierSet(kept[pin]).contains(f"{python}.0")
    }


def test_a_pin_has_the_extras_that_other_packages_ask_of_it() -> None:
    """pip 23, which Python 3.11 brings, looks for a hash of the very name `coverage[toml]`."""
    lock = (PROJECT / "requirements-dev.txt").read_text()
    pins = {normal(name): extras for name, extras in _NAMES.findall(lock)}
    wanting = set()
    for name in pins.keys() & {normal(each.name) for each in metadata.distributions()}:
        for line in metadata.requires(name) or ():
            requirement = Requirement(line)
            if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
                continue
            pinned = {extra.strip() for extra in pins.get(normal(requirement.name), "").split(",")}
            if not requirement.extras <= pinned:
                wanting.add(str(requirement))
    assert normal("coverage") in pins, "there is something to look at"
    assert wanting == set()


@pytest.mark.parametrize(
    "lock", sorted((PROJECT / "requirements/models").glob("*.txt")), ids=lambda lock: str(lock.stem)
)
def test_what_some_models_need_changes_nothing_that_is_installed(lock: Path) -> None:
    beside = installed((PROJECT / "requirements.txt").read_text(), "3.13")
    there = dict(pin.split("==") for pin in beside)
    pins = dict(pin.split("==") for pin in installed(lock.read_text(), "3.13"))
    assert pins
    shared = pins.keys() & there.keys()
    assert {name: pins[name] for name in shared} == {name: there[name] for name in shared}


@pytest.mark.parametrize("python", ["3.12", "3.13"])
def test_what_trains_the_networks_can_be_installed(python: str) -> None:
    pins = list(installed(KERAS.read_text(), python))
    assert len(pins) > 40
    assert any(pin.startswith("tensorflow-cpu==") for pin in pins)
    assert refused(pins, json.loads(KEPT.read_text()), python) == {}


def test_a_package_for_older_pythons_would_be_noticed() -> None:
    pins = ["backports-strenum==1.3.1", "backports-strenum==1.2.8", "six==1.17.0"]
    kept = {pins[0]: ">=3.8.6,<3.11", pins[1]: ">=3.8.6,<4.0.0"}
    assert refused(pins, kept, "3.13") == {
        pins[0]: ">=3.8.6,<3.11",
        pins[2]: "not looked at; run: make lock",
    }
    assert refused(pins[:2], kept, "3.10") == {}
