"""What the runtimes need beyond Python: the one declaration for layers and container images."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ...config.model_service import ModelService
from ...lambda_source import ROOT


@dataclass(frozen=True, kw_only=True)
class Libraries:
    """The packages of one runtime, or of what some of its models want beside them.

    `lock` pins them with their digests. `layers` is layer → packages; a package that none names
    goes into the last. Each is small enough to be uploaded directly, and a new release of one
    package leaves the other layers as they are. Of the `agreeing` packages a model must have been
    trained with the very versions. `beside` are the libraries whose layers a function has first.
    """

    name: str
    lock: Path
    layers: Mapping[str, tuple[str, ...]]
    agreeing: tuple[str, ...] = ()
    beside: Libraries | None = None

    def layer_of(self, package: str) -> str:
        """The layer that a package goes into."""
        for layer, packages in self.layers.items():
            if package in packages:
                return layer
        return list(self.layers)[-1]

    @property
    def locks(self) -> list[Path]:
        """The locks of all that a function has."""
        return [*(self.beside.locks if self.beside else ()), self.lock]


SCIKIT_LEARN = Libraries(
    name="scikit-learn",
    lock=ROOT / "requirements/layer-scikit-learn.txt",
    layers={"numpy": ("numpy",), "scipy": ("scipy",), "scikit-learn": ()},
    # A pickle of one version of these may answer otherwise under another. Python is not among
    # them: pickles cross its versions.
    agreeing=("scikit-learn", "numpy"),
)

# For a model of which a step wants a data frame: 40 MB that no other carries.
PANDAS = Libraries(
    name="pandas",
    lock=ROOT / "requirements/layer-pandas.txt",
    layers={"pandas": ()},
    agreeing=(*SCIKIT_LEARN.agreeing, "pandas"),
    beside=SCIKIT_LEARN,
)

# A .tflite file is a format with a version of its own, which says which interpreters read it.
LITERT = Libraries(
    name="litert",
    lock=ROOT / "requirements/layer-litert.txt",
    layers={"numpy": ("numpy",), "litert": ()},
)

LIBRARIES = {libraries.name: libraries for libraries in (SCIKIT_LEARN, PANDAS, LITERT)}


def needs_layers(service: ModelService) -> bool:
    """Whether a service runs libraries that its zip does not carry."""
    return service.package == "zip" and service.runtime in LIBRARIES


def libraries_of(service: ModelService, *, frame: bool) -> Libraries:
    """What a service runs beyond Python; `frame` says that a step of its model wants a data frame.

    Raises `KeyError` where its runtime needs nothing.
    """
    libraries = LIBRARIES[service.runtime]
    return PANDAS if frame and libraries is SCIKIT_LEARN else libraries
