"""The bill of each function of a synthesis: its files, its layers' packages, and its model."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType

from stacks.packaging.layers.lock import read_lock
from tools.sbom.locks import python_package

Resource = Mapping[str, Any]


def function_bills(assembly: Path) -> Iterator[tuple[str, Bom]]:
    """(stack and logical ID, bill) of every function in the templates of a folder."""
    for file in sorted(assembly.glob("*.template.json")):
        stack = file.name.removesuffix(".template.json")
        resources: dict[str, Resource] = json.loads(file.read_bytes())["Resources"]
        for id_, resource in resources.items():
            if resource["Type"] == "AWS::Lambda::Function":
                yield f"{stack}-{id_}", _bill(assembly, id_, resource["Properties"], resources)


def _bill(
    assembly: Path, id_: str, function: Mapping[str, Any], resources: Mapping[str, Resource]
) -> Bom:
    bom = Bom()
    bom.metadata.component = Component(
        type=ComponentType.APPLICATION,
        name=id_,
        description=function.get("Description"),
        bom_ref=f"function:{id_}",
    )
    code = asset(assembly, function["Code"])
    parts = list(_files(code))
    for layer in function.get("Layers", ()):
        described: str = resources[layer["Ref"]]["Properties"]["Description"]
        words = described.split()
        parts += [
            python_package(name, version)
            for name, version in zip(words[::2], words[1::2], strict=True)
        ]
    if "ImageUri" in function["Code"]:
        pins = read_lock(code / "requirements.txt")
        parts += [python_package(name, pin.version, pin.digests) for name, pin in pins.items()]
    if "Runtime" in function:
        runtime = function["Runtime"]
        version = runtime.removeprefix("python")
        parts.append(
            Component(type=ComponentType.PLATFORM, name="python", version=version, bom_ref=runtime)
        )
    variables = function.get("Environment", {}).get("Variables", {})
    if "MODEL_ARTIFACTS" in variables:
        parts.append(_model(variables))
    bom.components.update(parts)
    bom.register_dependency(bom.metadata.component, parts)
    return bom


def asset(assembly: Path, code: Mapping[str, Any]) -> Path:
    """The folder or zip that a function's code is uploaded from."""
    key = code.get("S3Key") or code["ImageUri"]
    [digest] = set(re.findall(r"[0-9a-f]{64}", json.dumps(key)))
    [path] = assembly.glob(f"asset.{digest}*")
    return path


def _files(folder: Path) -> Iterator[Component]:
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            name = file.relative_to(folder).as_posix()
            yield Component(
                type=ComponentType.FILE,
                name=name,
                bom_ref=f"file:{name}",
                hashes=[sha256(hashlib.sha256(file.read_bytes()).hexdigest())],
            )


def _model(variables: Mapping[str, Any]) -> Component:
    pins: Mapping[str, Mapping[str, Any]] = json.loads(variables["MODEL_ARTIFACTS"])
    name = variables["MODEL_NAME"]
    return Component(
        type=ComponentType.MACHINE_LEARNING_MODEL,
        name=name,
        version=variables["MODEL_VERSION"],
        bom_ref=f"model:{name}",
        components=_artifacts(name, pins),
    )


def _artifacts(model: str, pins: Mapping[str, Mapping[str, Any]]) -> Iterable[Component]:
    return [
        Component(
            type=ComponentType.FILE,
            name=file,
            bom_ref=f"model:{model}/{file}",
            hashes=[sha256(pin["sha256"])],
        )
        for file, pin in sorted(pins.items())
    ]


def sha256(digest: str) -> HashType:
    """A digest of 64 hexadecimal digits as a bill has it."""
    return HashType(alg=HashAlgorithm.SHA_256, content=digest)
