"""The report page: how good the network is on loans it has not seen, and beside what."""

from pathlib import Path

from model_training.loan_grade import measures
from model_training.loan_grade.dataset import Loans
from model_training.loan_grade.evaluate import FOLDS, OURS, Evaluation
from model_training.loan_grade.fields import FIELDS, GRADES, LEFT_OUT
from model_training.loan_grade.publish import trained_with
from model_training.reports import page as html
from model_training.reports import pictures
from model_training.reports.comparison import Comparison

PAGE = "report.html"


def write(
    folder: Path, loans: Loans, evaluation: Evaluation, changes: Comparison | None = None
) -> Path:
    """Write the page into `folder`; give its path."""
    return html.write(folder / PAGE, page(loans, evaluation, changes))


def page(loans: Loans, evaluation: Evaluation, changes: Comparison | None = None) -> str:
    """The whole page as HTML; `changes` beside the model that was in place."""
    ours, leaked = evaluation.held_out[OURS], evaluation.leaked
    return html.page(
        "Loan grades",
        [
            html.heading(
                "Loan grades from what an applicant knows",
                f"The grade is right for {ours.accuracy:.1%} of loans it has not seen and at most "
                f"one off for {ours.within_one:.1%}; quadratic kappa {ours.kappa:.3f}.",
                f"{len(evaluation.test):,} held-out loans, looked at once; the network and its "
                f"preparation were fitted on the other {len(evaluation.train):,}.",
            ),
            *(changes.html() if changes is not None else ()),
            html.pictures(
                [
                    html.figure(
                        "Confusion matrix",
                        pictures.confusion(ours.confusion, GRADES),
                        "Held-out loans; shaded by their share of the lender's grade.",
                    )
                ]
            ),
            html.table(
                "Held-out loans",
                measures.HEAD,
                measures.rows(evaluation.held_out),
                "Every model has the same inputs. Kappa is 1 for agreement and 0 for chance; it "
                "weighs a miss by its square. Calibration error: how far the likeliest grade's "
                "probability is from the share that was right.",
            ),
            html.table(
                f"{FOLDS}-fold cross-validation on the training part",
                measures.HEAD,
                measures.rows(evaluation.cross_validation),
                "What was chosen (layer, loss, preparation) was chosen by these figures.",
            ),
            html.section(
                "What is left out, and why it matters",
                html.paragraph(
                    "The lender sets the interest rate from the grade, and the instalment from the "
                    "rate. With these two columns the grade is almost read off: boosting then has "
                    f"an accuracy of {leaked.accuracy:.3f} and a kappa of {leaked.kappa:.3f} on "
                    "the same loans. No loan that still waits for its grade has them."
                ),
            ),
            html.table(
                "Columns of the source that the network is not shown",
                ("column", "reason"),
                list(LEFT_OUT.items()),
                f"It is shown the other {len(FIELDS)}.",
                ours=-1,
            ),
            _data(loans),
        ],
    )


def _data(loans: Loans) -> str:
    data = loans.manifest_entry()
    counts = ", ".join(f"{grade} {count:,}" for grade, count in data["labels"].items())
    return html.facts(
        "Made from",
        {
            "loans": f"{data['rows']:,} ({counts})",
            "source": data["source"],
            "SHA-256": data["sha256"],
            "credit": data["credit"],
            "licence": data["licence"],
            **trained_with(),
        },
    )
