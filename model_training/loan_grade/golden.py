"""Golden records: loans whose exact answers travel with the model."""

import random
from collections.abc import Sequence
from typing import Any

from portable.keras.classifier import NetworkClassifier

from model_training.loan_grade.fields import FIELDS

Record = dict[str, Any]
_SPREAD = 32
_DOUBTFUL = 10


def records(model: NetworkClassifier, known: Sequence[Record]) -> list[Record]:
    """Some sixty loans: real ones spread over the data, the most doubtful, and odd ones."""
    chosen = list(known[:: max(1, len(known) // _SPREAD)][:_SPREAD])

    def lead(index: int) -> tuple[float, int]:
        _, chances = model.predict(known[index])
        first, second = sorted(chances, reverse=True)[:2]
        return first - second, index

    chosen += [known[place] for place in sorted(range(len(known)), key=lead)[:_DOUBTFUL]]
    return chosen + odd(known, 16, seed=7)


def odd(known: Sequence[Record], count: int, seed: int) -> list[Record]:
    """Loans as a request may hold them and no data does.

    Unseen levels, the ends of ranges, everything missing that may be.
    """
    random_source = random.Random(seed)  # noqa: S311 - repeatable, no secret
    records_ = []
    for _ in range(count):
        record = dict(random_source.choice(known))
        for field in random_source.sample(FIELDS, random_source.randint(1, len(FIELDS))):
            values: list[Any] = [None] if field.nullable else []
            values += ["something else"] if field.category else [field.low, field.high]
            record[field.name] = random_source.choice(values)
        records_.append(record)
    return records_


def with_answers(model: NetworkClassifier, records: Sequence[Record]) -> list[dict[str, Any]]:
    """The manifest's entries: each record with the portable network's answer."""
    entries = []
    for record in records:
        grade, chances = model.predict(record)
        probabilities = dict(zip(model.classes_, chances, strict=True))
        # As callers may send it: what is not known is left out.
        sent = {name: value for name, value in record.items() if value is not None}
        entries.append({"input": sent, "prediction": grade, "probabilities": probabilities})
    return entries
