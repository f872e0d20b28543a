"""Records as the rows of estimators, in the runtimes that have estimators."""

from __future__ import annotations

from serving.loading import LoadError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from portable.row_explanation import TabularExplanation

    from serving.inputs.fields import Record


class Columns:
    """The fields of the manifest as the columns of an estimator, in the same order.

    Explanations are told by place: an estimator fitted on bare numbers calls its features x0, ...
    """

    def __init__(self, manifest: Mapping[str, Any], count: int) -> None:
        """Raises `LoadError` unless the manifest has `count` fields; 0 is a count not known."""
        fields = manifest.get("fields") or []
        if not fields or (count and len(fields) != count):
            raise LoadError(
                f"the estimator takes {count} features where the manifest declares {len(fields)}"
            )
        self._names = [field["name"] for field in fields]
        meanings = manifest.get("classes") or {}
        self._labels = {
            label: meanings.get(str(label), label) for label in manifest.get("labels") or ()
        }

    def row(self, record: Record) -> list[Any]:
        """The values of a record, in the order of the columns."""
        return [record[name] for name in self._names]

    def explanation(
        self, explanation: TabularExplanation, columns: Sequence[str]
    ) -> dict[str, object]:
        """The parts of a score by field, the weightiest first; `columns` are the names that the
        estimator knows the fields by, in their order.

        `base` and all contributions sum to `score`, which speaks for `label` over `against`.
        """
        fields = dict(zip(columns, self._names, strict=True))
        return {
            "label": self._labels.get(explanation.label, explanation.label),
            "against": self._labels.get(explanation.against, explanation.against),
            "unit": explanation.unit,
            "base": explanation.base,
            "score": explanation.score,
            "fields": [
                {"field": fields[column], "contribution": contribution}
                for column, _, contribution in explanation.contributions
            ],
        }
