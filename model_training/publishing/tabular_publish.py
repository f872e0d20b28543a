"""From a fitted classifier of rows to a model folder that can be deployed."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from model_training.publishing import (
    artifacts,
    generated_rows,
    layer_contents,
    pickling,
    proof,
    tabular_description,
    tabular_estimator,
    tabular_reading,
    tabular_rows,
)
from model_training.publishing.kinds.fields import FIELDS
from model_training.publishing.manifests import SCHEMA, ArtifactError
from model_training.publishing.parity import Answers
from model_training.publishing.tabular_estimator import Label
from model_training.publishing.tabular_rows import Matrix
from model_training.publishing.versions import trained_with

_GOLDEN = 60
_SEED = 20260103


def publish(
    folder: Path | str,
    estimator: Any,
    rows: Any,
    *,
    name: str,
    features: Mapping[str, str],
    classes: Mapping[Any, str] | None = None,
    data: Mapping[str, Any],
    metrics: Mapping[str, Any],
    runtime: str = "portable",
    file: str | None = None,
    ranges: Sequence[tuple[float, float]] | None = None,
    golden: Any = None,
    extra: Mapping[str, Any] | None = None,
) -> str:
    """Write the model folder of the service `name`; give the model's version.

    `rows` are what the estimator was fitted on, as any table of numbers: a data frame, an array, a
    list of rows; `features` gives for each column, in order, its name in the data and its name in
    a request; `classes` says what each label of a classifier means. `data` and `metrics` go into
    the model's description as they are. With the runtime "portable" the model must answer without
    scikit-learn as it does with it: over `rows` and 10,000 generated ones, under every Python at
    hand. With "scikit-learn" it must be made of nothing but scikit-learn, scipy, numpy and joblib,
    which are what its function has. Raises `ArtifactError`, one sentence, where it does not.

    What is chosen here may be given instead: the pickle's `file` name, the `ranges` that are
    answered (lowest and highest of each feature), the rows of the `golden` answers, and `extra`
    entries of the manifest.
    """
    names = tabular_description.names(features)
    matrix = tabular_rows.matrix(rows, names)
    labels = tabular_estimator.labels(estimator, names)
    pickled = _pickled(estimator)
    golden_rows = _golden_rows(matrix, names, golden)
    kind, answers = tabular_estimator.answers(estimator, golden_rows, labels, runtime)
    manifest: dict[str, Any] = {
        "schema": SCHEMA,
        "kind": FIELDS.name,
        "name": name,
        "recipe": type(estimator).__name__,
        **tabular_description.answers(kind, labels, classes),
        "fields": tabular_description.described(
            features, tabular_rows.ranges(matrix) if ranges is None else ranges
        ),
        "runtime": runtime,
        "trained_with": trained_with(),
        "data": {"rows": len(matrix), **tabular_description.mapping("data", data)},
        "metrics": dict(tabular_description.mapping("metrics", metrics)),
        "golden": _golden(_records(golden_rows.tolist(), features), kind, labels, answers),
        **(extra or {}),
    }
    files = {file or f"{name}_clf.pkl": pickled}
    manifest = artifacts.complete(files, manifest)
    tabular_reading.check(files, manifest)
    if runtime == "portable":
        manifest["parity"] = _parity(files, manifest, estimator, matrix, features)
    return artifacts.write(Path(folder), files, manifest)


def _pickled(estimator: Any) -> bytes:
    name = type(estimator).__name__
    pickled = pickling.serialised(estimator)
    try:
        part = layer_contents.missing(pickled)
    # What is not scikit-learn's own may raise anything when it is read back.
    except Exception as error:
        part = f"what cannot be read back ({type(error).__name__})"
    if part is not None:
        raise ArtifactError(
            f"The {name} is made with {part}, and a function has scikit-learn, scipy, numpy and "
            "joblib only; fit a classifier that is made of them alone"
        )
    return pickled


def _golden_rows(rows: Matrix, names: Sequence[str], chosen: Any) -> Matrix:
    if chosen is None:
        return tabular_rows.spread(rows, _GOLDEN)
    return tabular_rows.matrix(chosen, names, "golden rows")


def _records(
    rows: Sequence[Sequence[float]], features: Mapping[str, str]
) -> list[dict[str, float]]:
    """The rows by the fields' names, as a function is given them."""
    return [dict(zip(features.values(), row, strict=True)) for row in rows]


def _golden(
    records: Sequence[dict[str, float]], kind: str, labels: Sequence[Label], answers: Answers
) -> list[dict[str, Any]]:
    """The records with scikit-learn's own answers."""
    names = list(map(str, labels))
    return [
        {
            "input": record,
            "prediction": predicted,
            **({kind: dict(zip(names, numbers, strict=True))} if numbers else {}),
        }
        for record, predicted, numbers in zip(
            records, answers.predicted, answers.numbers, strict=True
        )
    ]


def _parity(
    files: Mapping[str, bytes],
    manifest: Mapping[str, Any],
    estimator: Any,
    rows: Matrix,
    features: Mapping[str, str],
) -> dict[str, Any]:
    """Prove the pickle equal to its estimator on the rows and on generated ones."""
    known = rows.tolist()
    known += generated_rows.rows_for(estimator, known, _SEED, proof.GENERATED)
    records = _records(known, features)
    names = getattr(estimator, "feature_names_in_", ())
    columns = [{"name": str(name), "dtype": "float64"} for name in names]
    # It may choose columns by name, which the portable runtime knows.
    asked = {**manifest, "frame": {"columns": columns}} if columns else manifest
    expected = proof.oracle([estimator], asked, records)
    return proof.proven_entry(files, manifest, records, expected)
