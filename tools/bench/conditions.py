"""Under which conditions a start is measured: how S3 is reached, and how much of a processor."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tools.bench.authority import Authority
from tools.bench.cpu_share import Share, of_memory
from tools.bench.s3_process import S3Process
from tools.bench.variants import Variant

HEADLINE, PLAIN, DELAYED, SHARED = "tls", "plain", "delayed", "share"
DELAY_MS = 15
"""Before the first byte of an answer: as within one region of AWS."""
MEMORY_MB = 512
"""What the stack gives the functions, whose share of a processor is measured too."""
TITLES = {
    HEADLINE: "over TLS",
    PLAIN: "over plain HTTP",
    DELAYED: f"over TLS, first byte after {DELAY_MS} ms",
    SHARED: f"over TLS, at the processor share of {MEMORY_MB} MB",
}


@dataclass(frozen=True)
class Condition:
    """Where S3 is, and the share of a processor that the function has; None for all of one."""

    name: str
    s3_url: str
    share: Share | None = None

    def limits(self, process: subprocess.Popen[bytes]) -> contextlib.AbstractContextManager[None]:
        return contextlib.nullcontext() if self.share is None else self.share.limits(process)


@contextlib.contextmanager
def conditions(
    objects: Mapping[str, bytes], folder: Path, authority: Authority
) -> Iterator[list[Condition]]:
    """S3 in every way that is measured, the headline's first, while this lasts."""
    with contextlib.ExitStack() as running:

        def s3(name: str, certificate: Path | None, delay_ms: float = 0.0) -> str:
            process = S3Process(objects, folder / name, certificate, delay_ms)
            return running.enter_context(process).url

        share = running.enter_context(Share(of_memory(MEMORY_MB)))
        tls = s3(HEADLINE, authority.server)
        yield [
            Condition(HEADLINE, tls),
            Condition(PLAIN, s3(PLAIN, None)),
            Condition(DELAYED, s3(DELAYED, authority.server, DELAY_MS)),
            Condition(SHARED, tls, share),
        ]


def trusting(variant: Variant, authority: Authority, sdk_bundle: Path) -> Variant:
    """The function, which now trusts the run's authority beside those it came with.

    Ours keeps Amazon's roots in its package, where the run's root is added; the SDKs are told of a
    copy of their own bundle, `sdk_bundle`, with it.
    """
    folder = variant.code / "serving" / "loading"
    if any(folder.glob("*.0")):
        authority.add_to(folder)
        return variant
    bundle = {"AWS_CA_BUNDLE": str(authority.added_to(sdk_bundle))}
    return Variant(variant.name, variant.code, variant.handler, {**variant.environ, **bundle})
