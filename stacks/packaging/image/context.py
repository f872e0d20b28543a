"""The folder an engine builds a function's image from: the Dockerfile and what it copies."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ...config.model_service import ModelService
from ...lambda_source import ROOT
from ..code_asset import Content, stage_files
from ..layers.libraries import LIBRARIES, libraries_of

_PACKAGING = ROOT / "stacks" / "packaging"
DOCKERFILE = Path(__file__).with_name("Dockerfile")


def stage_context(
    into: Path, service: ModelService, files: Mapping[str, Content], *, frame: bool = False
) -> dict[str, str]:
    """Fill an empty folder for the service's image and return the build arguments it needs.

    `files` are path-in-the-package → file, as for a zip; `frame` says that a step of the model
    wants a data frame. The image's own Python compiles them and
    strips the libraries, so equal files give an equal folder on every machine.
    """
    staged: dict[str, Content] = {f"function/{name}": file for name, file in files.items()}
    staged["keep.py"] = _PACKAGING / "layers" / "keep.py"
    for name in ("compiler.py", "loader.py"):
        staged[name] = _PACKAGING / "byte_code" / name
    locks: list[bytes] = []
    if service.runtime in LIBRARIES:
        locks = [lock.read_bytes() for lock in libraries_of(service, frame=frame).locks]
    staged["requirements.txt"] = b"".join(locks) or b"# This runtime needs Python alone.\n"
    stage_files(into, staged)
    # A command cannot be put together from arguments: the entry point wants it as JSON.
    text = DOCKERFILE.read_text(encoding="utf-8")
    (into / "Dockerfile").write_text(f'{text}CMD ["{service.handler}"]\n', encoding="utf-8")
    return {"SERVICE": service.package_folder}
