"""A client that somebody generates from a service's document can be imported, and asks."""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tools import PROJECT

DOCUMENTS = sorted((PROJECT / "docs/openapi").glob("*.json"))
# The generator sends JSON and forms; it says so where a service takes these as well.
LEFT_OUT = {"text/plain", "image/jpeg", "image/png", "image/webp"}
# Of two kinds of body it tells the right one by a check that no list survives: docs/api.md has it
# that a form is taken out of the document first.
FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.stem))
def test_a_generated_client(
    document: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A name of its own: the service's package may have the other.
    package = f"client_of_{document.stem}"
    described = json.loads(document.read_text())
    for methods in described["paths"].values():
        methods.get("post", {}).get("requestBody", {}).get("content", {}).pop(FORM, None)
    asking = tmp_path / "openapi.json"
    asking.write_text(json.dumps(described))
    (tmp_path / "configuration.json").write_text(json.dumps({"post_hooks": []}))
    ran = subprocess.run(
        [
            sys.executable, "-m", "openapi_python_client", "generate", "--path", str(asking),
            "--meta", "none", "--output-path", str(tmp_path / package),
            "--config", str(tmp_path / "configuration.json"),
        ],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    said = re.findall(r"^WARNING parsing .*\n+(.*)$", ran.stdout + ran.stderr, re.MULTILINE)
    assert {one.removeprefix("Unsupported content type ") for one in said} <= LEFT_OUT, said
    monkeypatch.syspath_prepend(str(tmp_path))
    client = importlib.import_module(package)
    modules = [one.name for one in pkgutil.walk_packages(client.__path__, f"{package}.")]
    imported = {name: importlib.import_module(name) for name in modules}
    paths = described["paths"]
    (path,) = (path for path, methods in paths.items() if "post" in methods)
    (predict,) = (module for name, module in imported.items() if name.endswith(".predict"))
    assert paths[path]["post"]["requestBody"]["content"].keys() - LEFT_OUT == {"application/json"}
    asked = predict._get_kwargs(body=[])
    assert (asked["method"], asked["url"], asked["json"]) == ("post", path, [])
