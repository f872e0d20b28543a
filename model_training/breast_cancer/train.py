"""From cases to a model folder: fit, measure, prove, write."""

from pathlib import Path
from typing import Any

from tqdm import tqdm

from model_training.breast_cancer import evaluate, features, golden, recipe, report
from model_training.breast_cancer.dataset import Cases
from model_training.publishing import reference, tabular_publish
from model_training.reports import comparison, page
from model_training.reports.tables import table

NAME = "breast_cancer"
CLASSIFIER = "gradient_boosting_clf.pkl"


def run(cases: Cases, folder: Path, *, repeats: int) -> str:
    """Train, measure, prove and write a model folder; print the figures; give the version."""
    rows = cases.rows()
    with tqdm(total=evaluate.FOLDS * repeats, desc="evaluating", unit="fit", leave=False) as bar:
        measured = evaluate.cross_validate(
            rows, cases.malignant, repeats=repeats, progress=bar.update
        )
    estimator = recipe.unfitted().fit(rows, cases.malignant)
    before = comparison.in_place(folder)
    version = publish(folder, estimator, cases, measured)
    names = [feature.json for feature in features.FEATURES]
    records = [dict(zip(names, row, strict=True)) for row in rows.tolist()]
    changes = comparison.after(before, folder, records)
    print(summary(cases, measured))
    if changes is not None:
        print("", *changes.lines(), sep="\n")
    written = report.page(version, cases, measured, estimator, changes)
    place = page.write(folder / report.PAGE, written)
    print(f"\nModel {version} is in {folder}; the report with pictures is {place}")
    return version


def publish(folder: Path, estimator: Any, cases: Cases, measured: evaluate.CrossValidation) -> str:
    """Write a model folder if the portable runtime answers as scikit-learn; give its version."""
    rows = cases.rows()
    data = cases.manifest_entry()
    return tabular_publish.publish(
        folder,
        estimator,
        rows,
        name=NAME,
        features={feature.name: feature.json for feature in features.FEATURES},
        classes=features.CLASSES,
        data=data,
        metrics={"cross_validation": measured.manifest_entry()},
        file=CLASSIFIER,
        ranges=features.ranges(rows),
        golden=golden.golden_rows(estimator, rows),
        extra={
            "recipe": recipe.NAME,
            reference.ENTRY: reference.entry(report.answered(measured)),
            "parameters": {
                "max_depth": estimator.max_depth,
                "n_estimators": estimator.n_estimators,
                "learning_rate": estimator.learning_rate,
                "subsample": estimator.subsample,
            },
        },
    )


def summary(cases: Cases, measured: evaluate.CrossValidation) -> str:
    """The measured figures for the terminal."""
    data = cases.manifest_entry()
    counts = data["labels"]
    rows = [
        (name, f"{measured.figures[key].mean:.4f} ± {measured.figures[key].sd:.4f}")
        for key, name in evaluate.FIGURES
    ]
    predicted = measured.probability >= 0.5
    missed = int(((measured.malignant == 1) & ~predicted).sum())
    alarms = int(((measured.malignant == 0) & predicted).sum())
    return "\n".join(
        (
            f"{data['rows']} cases ({counts['benign']} benign, {counts['malignant']} malignant); "
            f"credit: {data['credit']} ({data['licence']})",
            "",
            f"{measured.folds}-fold stratified cross-validation, {measured.repeats} times (mean ± "
            "standard deviation over the folds)",
            table(("", recipe.NAME), rows),
            "",
            f"Each case judged once by a model that had not seen it: {missed} malignant called "
            f"benign, {alarms} benign called malignant.",
        )
    )
