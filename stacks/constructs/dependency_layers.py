"""Layers with the libraries of a function that needs some."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from ..packaging.layers.built import BuiltLayers
from .logged_function import RUNTIME


class DependencyLayers(Construct):
    """`versions` of layers that were built and checked before; their zips are uploaded as they are.

    A layer is a new version when its contents are other ones, whatever compressed them.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        built: BuiltLayers,
        architecture: lambda_.Architecture,
    ) -> None:
        super().__init__(scope, id_)
        self.versions = [
            lambda_.LayerVersion(
                self,
                layer.name,
                description=" ".join(
                    f"{name} {version}" for name, version in layer.packages.items()
                ),
                code=lambda_.Code.from_asset(
                    str(layer.file),
                    asset_hash=layer.content,
                    asset_hash_type=cdk.AssetHashType.CUSTOM,
                ),
                compatible_runtimes=[RUNTIME],
                compatible_architectures=[architecture],
                # Versions of the function that were published with it keep it all the same.
                removal_policy=cdk.RemovalPolicy.DESTROY,
            )
            for layer in built.layers
        ]
