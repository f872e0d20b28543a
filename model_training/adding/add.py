"""Adds a service, or gives the one there is a new version of its model."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from model_training.adding import model_files, publish, summary, tables
from model_training.adding.entry import Service


def run(
    name: str, paths: Sequence[Path], *, data: Path | None, target: str | None, text: str | None,
    labels: Sequence[str], trust: bool,
) -> str:  # fmt: skip
    """Read, describe, prove and publish a model, write its service's files; give the version.

    Raises `Refusal`, one sentence, with everything left as it was.
    """
    service = Service(name)
    model = model_files.read(paths, trust=trust)
    source = data or model.example
    table = None if source is None else tables.read(source)
    found = publish.described(model, table, name=name, target=target, text=text, labels=labels)
    published = publish.publish(service.model_folder, model, found)
    example = found.golden[0]
    service.write(
        summary=f"Answers {published.manifest['recipe']}'s predictions.",
        runtime=str(published.manifest["runtime"]),
        memory=published.needs.memory,
        timeout=published.needs.timeout,
        body=example if isinstance(example, str) else json.dumps(example),
    )
    print("\n".join(summary.lines(name, published)))
    return published.version
