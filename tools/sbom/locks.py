"""The bill of what builds, trains, tests and deploys: what the locks pin."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator
from typing import Any

from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from packageurl import PackageURL

from stacks.packaging.layers.lock import pins
from tools import PROJECT

_ALGORITHMS = {"sha512": HashAlgorithm.SHA_512, "sha1": HashAlgorithm.SHA_1}


def tool_bills() -> Iterator[tuple[str, Bom]]:
    """(name, bill) of each lock: one for each of Python's, and npm's."""
    locks = [*PROJECT.glob("requirements*.txt"), *(PROJECT / "requirements").glob("*.txt")]
    for lock in sorted(locks):
        packages = (python_package(name, pin.version, pin.digests) for name, pin in pins(lock))
        yield f"tools-{lock.stem}", _bill(lock.name, packages)
    file = PROJECT / "package-lock.json"
    yield "tools-npm", _bill(file.name, _npm_packages(json.loads(file.read_bytes())))


def python_package(name: str, version: str, digests: Iterable[str] = ()) -> Component:
    """A package of an index, with the SHA-256 of each file that it may be installed from."""
    url = PackageURL("pypi", name=name, version=version)
    return Component(
        type=ComponentType.LIBRARY,
        name=name,
        version=version,
        purl=url,
        bom_ref=url.to_string(),
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=each) for each in sorted(digests)],
    )


def _npm_packages(lock: dict[str, Any]) -> Iterator[Component]:
    for place, package in lock["packages"].items():
        if not place:
            continue  # This project itself.
        scope, _, name = place.rpartition("node_modules/")[2].rpartition("/")
        url = PackageURL("npm", scope or None, name, package["version"])
        algorithm, _, digest = package["integrity"].partition("-")
        yield Component(
            type=ComponentType.LIBRARY,
            group=scope or None,
            name=name,
            version=package["version"],
            purl=url,
            bom_ref=place,
            hashes=[HashType(alg=_ALGORITHMS[algorithm], content=base64.b64decode(digest).hex())],
        )


def _bill(name: str, packages: Iterable[Component]) -> Bom:
    bom = Bom()
    bom.metadata.component = Component(
        type=ComponentType.APPLICATION, name=name, bom_ref=f"lock:{name}"
    )
    bom.components.update(packages)
    bom.register_dependency(bom.metadata.component, bom.components)
    return bom
