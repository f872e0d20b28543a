"""A package has the rows of the table of estimators that its own model needs."""

from __future__ import annotations

from typing import Any

from portable import supported

from stacks.packaging.estimator_table import table_of


def _table(*modules: str) -> dict[str, Any]:
    table: dict[str, Any] = {}
    exec(table_of(modules), table)  # noqa: S102 - what was just made, as a function imports it
    return table


def test_the_rows_of_a_models_modules_are_kept_and_no_others() -> None:
    table = _table("portable.naive_bayes", "portable.feature_extraction.text")
    assert table["ESTIMATORS"] == {
        "sklearn.feature_extraction.text": dict.fromkeys(
            ("CountVectorizer", "TfidfTransformer", "TfidfVectorizer"), "feature_extraction.text"
        ),
        "sklearn.naive_bayes": {"ComplementNB": "naive_bayes", "MultinomialNB": "naive_bayes"},
    }
    assert table["STAND_INS"] == {}
    assert table["READERS"] == ["portable.feature_extraction.text", "portable.naive_bayes"]
    assert supported.READERS == [], (
        "where the package is not one model's, nothing is imported early"
    )


def test_what_a_tree_holds_comes_with_its_records() -> None:
    table = _table("portable.ensemble.forest", "portable.pickles.records")
    assert table["STAND_INS"]["sklearn.tree._tree"] == {"Tree": "portable.pickles.records:Tree"}


def test_all_modules_make_the_whole_table() -> None:
    readers = {row for rows in supported.ESTIMATORS.values() for row in rows.values()}
    stand_ins = [row for rows in supported.STAND_INS.values() for row in rows.values()]
    places = {row.partition(":")[0] for row in stand_ins}
    table = _table(*(f"portable.{reader}" for reader in readers), *places)
    for name in ("ESTIMATORS", "HELD", "NAMES", "STAND_INS"):
        assert table[name] == getattr(supported, name)
