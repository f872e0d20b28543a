"""Made-up loans, with every column of the source, as CSV or as records."""

from __future__ import annotations

import csv
import io
import random
from typing import Any

from model_training.loan_grade.dataset import Loans, parsed
from model_training.loan_grade.fields import FIELDS, GRADES, LEFT_OUT

LEVELS = {
    "loan_purpose": ["car", "medical", "other"],
    "application_type": ["individual", "joint"],
    "homeownership": ["MORTGAGE", "OWN", "RENT"],
    "verified_income": ["Verified", "Not Verified"],
    "verification_income_joint": ["Verified", "Not Verified"],
}


def rows(count: int, seed: int = 5) -> list[dict[str, Any]]:
    """Numbers anywhere in their lower range, a third of what may be missing missing."""
    random_source = random.Random(seed)  # noqa: S311 - repeatable, no secret
    made = []
    for number in range(count):
        row: dict[str, Any] = dict.fromkeys(LEFT_OUT, "after the fact")
        row |= {"grade": GRADES[number % 7], "interest_rate": 5 + number % 7, "installment": 100}
        for field in FIELDS:
            if field.nullable and random_source.random() < 1 / 3:
                row[field.name] = None
            elif field.category:
                row[field.name] = random_source.choice(LEVELS[field.name])
            else:
                low = int(field.low)
                row[field.name] = random_source.randint(low, min(low + 100, int(field.high or 0)))
        made.append(row)
    return made


def as_csv(table: list[dict[str, Any]]) -> bytes:
    """As OpenIntro writes it: NA for what is missing."""
    file = io.StringIO()
    writer = csv.DictWriter(file, list(table[0]))
    writer.writeheader()
    writer.writerows({k: "NA" if v is None else v for k, v in row.items()} for row in table)
    return file.getvalue().encode()


def made_up(count: int) -> Loans:
    """The loans of `rows`, read."""
    return parsed(as_csv(rows(count)), "file loans.csv")
