"""The report page: one HTML file that asks the network for nothing, in light and in dark."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

from model_training import reports
from model_training.loan_grade import measures
from model_training.loan_grade.dataset import Loans
from model_training.loan_grade.evaluate import FOLDS, OURS, Evaluation
from model_training.loan_grade.fields import FIELDS, GRADES, LEFT_OUT
from model_training.loan_grade.measures import Array
from model_training.loan_grade.publish import trained_with

PAGE = "report.html"
# One look for every model's report.
_STYLE = Path(reports.__file__).with_name("report.css")
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_CELL = 44


def write(folder: Path, loans: Loans, evaluation: Evaluation) -> Path:
    """Write the page into `folder`; give its path."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / PAGE
    file.write_text(page(loans, evaluation), encoding="utf-8")
    return file


def page(loans: Loans, evaluation: Evaluation) -> str:
    """The whole page as HTML."""
    ours, leaked = evaluation.held_out[OURS], evaluation.leaked
    parts = [
        "<h1>Loan grades from what an applicant knows</h1>",
        f'<p class="lead">The grade is right for {ours.accuracy:.1%} of loans it has not seen and '
        f"at most one off for {ours.within_one:.1%}; quadratic kappa {ours.kappa:.3f}.</p>",
        f'<p class="soft">{len(evaluation.test):,} held-out loans, looked at once; the network and '
        f"its preparation were fitted on the other {len(evaluation.train):,}.</p>",
        '<div class="pictures"><figure style="grid-column: 1 / -1"><h2>Confusion matrix</h2>'
        f"{confusion(ours.confusion)}<figcaption>Held-out loans; shaded by their share of the "
        "lender's grade.</figcaption></figure></div>",
        _table(
            "Held-out loans",
            measures.HEAD,
            measures.rows(evaluation.held_out),
            "Every model has the same inputs. Kappa is 1 for agreement and 0 for chance; it weighs "
            "a miss by its square. Calibration error: how far the likeliest grade's probability is "
            "from the share that was right.",
        ),
        _table(
            f"{FOLDS}-fold cross-validation on the training part",
            measures.HEAD,
            measures.rows(evaluation.cross_validation),
            "What was chosen (layer, loss, preparation) was chosen by these figures.",
        ),
        "<section><h2>What is left out, and why it matters</h2>"
        "<p>The lender sets the interest rate from the grade, and the instalment from the "
        "rate. With these two columns the grade is almost read off: boosting then has an accuracy "
        f"of {leaked.accuracy:.3f} and a kappa of {leaked.kappa:.3f} on the same loans. No loan "
        "that still waits for its grade has them.</p></section>",
        _table(
            "Columns of the source that the network is not shown",
            ("column", "reason"),
            list(LEFT_OUT.items()),
            f"It is shown the other {len(FIELDS)}.",
        ),
        _data(loans),
    ]
    style = _STYLE.read_text(encoding="utf-8")
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Loan grades</title>\n<style>\n{style}</style>\n"
        "</head>\n<body>\n" + "\n".join(parts) + "\n</body>\n</html>\n"
    )


def confusion(counts: Array) -> str:
    """Seven by seven cells: rows are the lender's grades, columns this network's."""
    parts = []
    for row, actual in enumerate(GRADES):
        total = max(1, int(counts[row].sum()))
        y = 30 + row * _CELL
        parts.append(
            f'<text class="end" x="52" y="{y + 26}">{actual} ({counts[row].sum():,})</text>'
        )
        for column, predicted in enumerate(GRADES):
            count, x = int(counts[row, column]), 60 + column * _CELL
            kind = "good" if row == column else "ham" if abs(row - column) == 1 else "bad"
            if not row:
                parts.append(f'<text class="mid" x="{x + 20}" y="20">{predicted}</text>')
            parts.append(
                f'<rect class="{kind}" x="{x}" y="{y}" width="40" height="40" rx="4" '
                f'fill-opacity="{0.06 + 0.7 * count / total:.3f}"/>'
                f'<text class="mid" x="{x + 20}" y="{y + 25}">{count or ""}'
                f"<title>{actual} called {predicted}: {count}</title></text>"
            )
    said = f"Confusion matrix of seven grades: {int(counts.trace())} of {int(counts.sum())} right"
    side = 60 + 7 * _CELL
    return (
        f'<svg viewBox="0 0 {side} {side - 24}" role="img" aria-label="{said}" '
        f'style="max-width: 34rem">{"".join(parts)}</svg>'
    )


def _table(title: str, head: Sequence[str], lines: Sequence[Sequence[str]], note: str) -> str:
    names = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in line) + "</tr>" for line in lines
    )
    return (
        f'<section><h2>{escape(title)}</h2><div class="scroll"><table><thead><tr>{names}</tr>'
        f'</thead><tbody>{body}</tbody></table></div><p class="soft">{escape(note)}</p></section>'
    )


def _data(loans: Loans) -> str:
    data = loans.manifest_entry()
    counts = ", ".join(f"{grade} {count:,}" for grade, count in data["labels"].items())
    shown = {
        "loans": f"{data['rows']:,} ({counts})",
        "source": data["source"],
        "SHA-256": data["sha256"],
        "credit": data["credit"],
        "licence": data["licence"],
        **trained_with(),
    }
    lines = "".join(f"<dt>{escape(k)}</dt><dd>{escape(str(v))}</dd>" for k, v in shown.items())
    return f"<section><h2>Made from</h2><dl>{lines}</dl></section>"
