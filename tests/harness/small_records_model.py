"""A small model of records whose classifier is a few lines, and the service in front of it."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from loan_grade.handler import DOCUMENT, HEADERS, PATH
from serving.records.service import RecordsService

from tests.harness.small_model import Files

LABELS = ["A", "B", "C"]
FIELDS: list[dict[str, Any]] = [
    {"name": "loan_amount", "type": "integer", "description": "Asked for.", "unit": "USD",
     "minimum": 1000, "maximum": 40000, "required": True, "nullable": False, "typical": 14500},
    {"name": "annual_income", "type": "number", "description": "Stated.", "unit": "USD",
     "minimum": 0, "maximum": 1e7, "required": True, "nullable": True, "typical": 65000},
    {"name": "months_since_delinquency", "type": "number", "description": "Last one.",
     "unit": "months", "minimum": 0, "maximum": 600, "required": False, "nullable": True,
     "typical": 34},
    {"name": "home", "type": "category", "description": "Housing.", "unit": "",
     "levels": ["MORTGAGE", "OWN", "RENT"], "required": True, "nullable": False,
     "typical": "MORTGAGE"},
    {"name": "purpose", "type": "category", "description": "What for.", "unit": "",
     "levels": ["car", "house"], "required": False, "nullable": True, "typical": "car"},
]  # fmt: skip
IGNORED = ["interest_rate", "sub_grade"]
LOANS: list[dict[str, Any]] = [
    {"loan_amount": 28000, "annual_income": 90000, "home": "MORTGAGE", "purpose": "car"},
    {"loan_amount": 5000, "annual_income": 40000.5, "home": "RENT",
     "months_since_delinquency": 38},
    {"loan_amount": 2000, "annual_income": None, "home": "YURT", "purpose": None},
]  # fmt: skip


class SmallClassifier:
    """Softmax of three scores that each field moves."""

    classes_ = tuple(LABELS)
    fields = tuple(field["name"] for field in FIELDS)

    def predict(self, record: Mapping[str, Any]) -> tuple[str, list[float]]:
        assert record.keys() == set(self.fields)
        income = record["annual_income"]
        scores = [
            0.0 if income is None else math.log1p(income) / 5,
            record["loan_amount"] / 10_000 + (record["home"] == "RENT"),
            (record["months_since_delinquency"] or 0) / 12 + (record["purpose"] == "car"),
        ]
        shares = [math.exp(score - max(scores)) for score in scores]
        probabilities = [share / sum(shares) for share in shares]
        return LABELS[probabilities.index(max(probabilities))], probabilities


def small_records_model(**changes: Any) -> Files:
    """The two files that training writes, by name; `changes` replace members of the manifest."""
    classifier = SmallClassifier()
    absent = dict.fromkeys(classifier.fields)
    golden = []
    for loan in LOANS:
        label, shares = classifier.predict({**absent, **loan})
        answer = {"prediction": label, "probabilities": dict(zip(LABELS, shares, strict=True))}
        golden.append({"record": loan, **answer})
    manifest = {
        "schema": 1,
        "kind": "records",
        "name": "loan_grade",
        "recipe": "small",
        "runtime": "portable",
        "labels": LABELS,
        "fields": FIELDS,
        "ignored": IGNORED,
        "trained_with": {"keras": "3"},
        "data": {"rows": 3},
        "metrics": {"accuracy": 1.0},
        "golden": golden,
        **changes,
    }
    return {"network.json": b"{}", "manifest.json": json.dumps(manifest, sort_keys=True).encode()}


def small_service(environ: dict[str, str], **options: Any) -> RecordsService:
    """The service as its handler declares it, for these variables, in front of this classifier."""
    options = {"document": DOCUMENT, "headers": HEADERS, **options}
    return RecordsService(PATH, lambda: lambda _: SmallClassifier(), environ, **options)
