"""Adds a service, or gives the one there is a new version of its model."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from model_training.adding import evaluation, model_files, publish, summary, tables
from model_training.adding.entry import PROJECT, Service
from model_training.reports import comparison, page


def run(
    name: str, paths: Sequence[Path], *, data: Path | None, target: str | None, text: str | None,
    labels: Sequence[str], trust: bool, project: Path = PROJECT,
) -> str:  # fmt: skip
    """Read, describe, prove and publish a model, write its service's files; give the version.

    Raises `Refusal`, one sentence, with everything left as it was.
    """
    service = Service(name, project)
    model = model_files.read(paths, trust=trust)
    source = data or model.example
    table = None if source is None else tables.read(source)
    found = publish.described(
        model, table, name=name, target=target, text=text, labels=labels,
        outside=service.outside_range,
    )  # fmt: skip
    folder = service.model_folder
    if service.entry.is_file() and (version := publish.unchanged(folder, model, found)):
        print(f"{name}: model {version} is in place already; nothing changes")
        return version
    publish.ask(model, found)
    own = range(found.own or len(found.asked))
    changes = comparison.compared(
        comparison.in_place(folder),
        found.asked[: len(own)],
        found.answers.only(own),
        found.entries.get("labels") or [],
        found.entries.get("classes"),
    )
    with evaluation.Evaluating(model, table, found, target) as evaluating:
        published = publish.publish(
            folder, model, found, lambda: evaluating.finished().manifest_entry()
        )
        evaluated = evaluating.finished()
    example = found.golden[0]
    service.write(
        summary=_summary(published),
        runtime=str(published.manifest["runtime"]),
        memory=published.needs.memory,
        timeout=published.needs.timeout,
        body=example if isinstance(example, str) else json.dumps(example),
    )
    print("\n".join(summary.lines(name, published)))
    if changes is not None:
        print("\n".join(changes.lines()))
    # matplotlib takes a second to import; a model that is refused does not wait for it.
    from model_training.adding import report

    page.write(service.report, report.html(name, published, evaluated, changes))
    print(f"  report   {service.report.relative_to(project)}")
    return published.version


def _summary(published: publish.Published) -> str:
    """A sentence for the service's document."""
    manifest = published.manifest
    asked = "a text" if manifest["kind"] == "text" else f"{len(manifest['fields'])} fields"
    told = "Classifies" if manifest.get("labels") else "Predicts a number from"
    return f"{told} {asked} with a {manifest['recipe']}."
