"""What must be true of an image: what is in it, who runs it, and what it answers."""

from __future__ import annotations

import json
import re
import time
import zipfile
from collections.abc import Mapping
from typing import Any

from stacks.config.model_service import ModelService
from stacks.packaging.code_asset import Content
from stacks.packaging.layers.build import build
from stacks.packaging.layers.built import CACHE
from stacks.packaging.layers.libraries import Libraries
from stacks.packaging.layers.packing import ROOT as LAYER_ROOT
from stacks.packaging.layers.size_gate import megabytes
from stacks.packaging.layers.target import target_named
from tools.image.engine import Engine, ImageFailed, invoke

# Prints what is in the function's folder, who runs this, and which compilers there are.
_LOOK = """
import json, os, shutil, sys
root = os.environ["LAMBDA_TASK_ROOT"]
found = {}
for folder, _, names in os.walk(root):
    for name in names:
        path = os.path.join(folder, name)
        found[os.path.relpath(path, root)] = os.path.getsize(path)
names = "gcc", "cc", "g++", "clang", "make", "go", "rustc"
tools = [name for name in names if shutil.which(name)]
print(json.dumps({"files": found, "user": os.getuid(), "tools": tools,
                  "writable": os.access(root, os.W_OK), "python": sys.version.split()[0]}))
"""


def check_contents(
    engine: Engine,
    tag: str,
    service: ModelService,
    files: Mapping[str, Content],
    libraries: Libraries | None,
) -> None:
    """Raise `ImageFailed` unless the image holds what the zip and the layers of `libraries` hold,
    readable for a user who is not root and may write nothing.
    """
    user = engine.inspect(tag)["Config"]["User"]
    if not re.fullmatch(r"[1-9]\d*(:[1-9]\d*)?", user):
        raise ImageFailed(f"The image runs as {user or 'root'!r}.")
    look = json.loads(engine.run_python(tag, _LOOK))
    if look["user"] == 0 or look["writable"] or look["tools"]:
        raise ImageFailed(
            f"In the image user {look['user']} may write code: {look['writable']}; "
            f"compilers: {look['tools']}."
        )
    there = {neutral for neutral in map(_neutral, look["files"]) if neutral is not None}
    ours = _as_a_zip(service, files, libraries)
    if there != ours:
        raise ImageFailed(
            f"Image and zip differ: only in the image {sorted(there - ours)[:5]}, "
            f"only in the zip {sorted(ours - there)[:5]}."
        )
    total = sum(look["files"].values())
    print(f"Python {look['python']}, user {look['user']}, {len(there)} files, {megabytes(total)}")
    for size, made in engine.layers(tag)[:4]:
        print(f"  {size:>9}  {made[:90]}")


def _as_a_zip(
    service: ModelService, files: Mapping[str, Content], libraries: Libraries | None
) -> set[str]:
    """Names of the files of the same function as a zip with layers."""
    names = {name for name in files if not name.endswith(".py")}
    # All modules are in one file, which the package's own `__init__` imports them from.
    names |= {"modules.bin", f"{service.name}/__init__.py"}
    if libraries is not None:
        target = target_named("lambda", service.architecture)
        for layer in build(libraries, target=target, cache=CACHE, say=print).layers:
            with zipfile.ZipFile(layer.file) as archive:
                names |= {name.removeprefix(f"{LAYER_ROOT}/") for name in archive.namelist()}
    return {neutral for neutral in map(_neutral, names) if neutral is not None}


def _neutral(name: str) -> str | None:
    """A file's name whatever the Python's version is; None for byte code."""
    if "__pycache__" in name:
        return None
    return re.sub(r"cpython-3\d+", "cpython", name)


def check_answers(url: str, service: ModelService, event: Any, model: Mapping[str, str]) -> None:
    """Post the recorded event twice, and something that is no request."""
    for turn in ("first", "second"):
        begun = time.perf_counter()
        answer = invoke(url, event)
        took = (time.perf_counter() - begun) * 1000
        body = json.loads(answer["body"]) if "body" in answer else answer
        status = answer.get("statusCode", 200)
        print(f"{turn} answer: {status} after {took:.0f} ms: {json.dumps(body)[:200]}")
        if status != 200:
            raise ImageFailed(f"{service.name} answered {status}.")
        if body.get("model", model) != model:
            raise ImageFailed(f"{service.name} answers for {body['model']}, not {model}.")
    refused = invoke(url, {"junk": True})
    print(f"something else: {refused['statusCode']}")
    if refused["statusCode"] not in (400, 415):
        raise ImageFailed(f"{service.name} answered {refused['statusCode']} to no request.")
