"""From loans to a model folder: fit, measure, prove, write."""

from pathlib import Path

from tqdm import tqdm

from model_training.command_line import DataError
from model_training.loan_grade import measures, publish
from model_training.loan_grade.dataset import Loans
from model_training.loan_grade.evaluate import FOLDS, Evaluation
from model_training.loan_grade.evaluate import evaluate as evaluated
from model_training.reports import comparison
from model_training.reports.tables import table

FEWEST = 100
"""Loans that can be split, folded and measured at all; thousands make a model."""


def run(loans: Loans, folder: Path, report_folder: Path) -> str:
    """Train, measure, prove and write a model folder and the report; give the model's version."""
    evaluation = measured(loans)
    before = comparison.in_place(folder)
    version = publish.publish(folder, loans, evaluation)
    changes = comparison.after(before, folder, loans.records)
    _tell(loans, evaluation, report_folder, changes)
    print(f"\nModel {version} is in {folder}")
    return version


def evaluate(loans: Loans, report_folder: Path) -> None:
    """Train, measure and write the report; no model."""
    _tell(loans, measured(loans), report_folder)


def _tell(
    loans: Loans,
    evaluation: Evaluation,
    folder: Path,
    changes: comparison.Comparison | None = None,
) -> None:
    from model_training.loan_grade import report

    print(summary(loans, evaluation))
    if changes is not None:
        print("", *changes.lines(), sep="\n")
    print(f"\nReport: {report.write(folder, loans, evaluation, changes)}")


def measured(loans: Loans) -> Evaluation:
    """Train and measure, with a progress bar. `DataError` for too few loans to do it with."""
    if len(loans.records) < FEWEST:
        raise DataError(
            f"{loans.source}: {len(loans.records)} loans; expected at least {FEWEST} to learn from"
        )
    with tqdm(total=FOLDS + 1, desc="evaluating", unit="fit", leave=False) as bar:
        return evaluated(loans, bar.update)


def summary(loans: Loans, evaluation: Evaluation) -> str:
    """The measured figures for the terminal."""
    data = loans.manifest_entry()
    leaked = evaluation.leaked
    return "\n".join(
        (
            f"{data['rows']:,} loans; credit: {data['credit']} ({data['licence']})",
            "",
            f"Test part, {len(evaluation.test):,} loans looked at once",
            table(measures.HEAD, measures.rows(evaluation.held_out)),
            "",
            f"{FOLDS}-fold cross-validation on the training part, {len(evaluation.train):,} loans",
            table(measures.HEAD, measures.rows(evaluation.cross_validation)),
            "",
            "With interest rate and instalment, which are set from the grade, boosting reads it "
            f"off: accuracy {leaked.accuracy:.3f}, kappa {leaked.kappa:.3f}. This network is "
            "trained without them.",
        )
    )
