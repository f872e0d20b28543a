"""A function's files as what Lambda runs: a zip or a container image."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from aws_cdk import aws_ecr_assets as ecr_assets
from aws_cdk import aws_lambda as lambda_

from ..config.model_service import ModelService
from ..packaging.byte_code.packaging import compile_package
from ..packaging.code_asset import Content, stage_files
from ..packaging.image.context import stage_context

ARCHITECTURES = {
    "arm64": lambda_.Architecture.ARM_64,
    "x86_64": lambda_.Architecture.X86_64,
}
_PLATFORMS = {
    "arm64": ecr_assets.Platform.LINUX_ARM64,
    "x86_64": ecr_assets.Platform.LINUX_AMD64,
}


def zip_code(
    folder: Path, service: ModelService, files: Mapping[str, Content], python: Path | None
) -> lambda_.Code:
    """The files, staged in `folder`, and compiled by an interpreter of the runtime if given one."""
    package = stage_files(folder, files)
    if python is not None:
        compile_package(folder, service.package_folder, python)
    return lambda_.Code.from_asset(package)


def image_code(
    folder: Path, service: ModelService, files: Mapping[str, Content], *, frame: bool
) -> lambda_.Code:
    """The image that the CLI builds from `folder` when it deploys; a synthesis needs no engine."""
    arguments = stage_context(folder, service, files, frame=frame)
    return lambda_.Code.from_asset_image(
        str(folder), build_args=arguments, platform=_PLATFORMS[service.architecture]
    )
