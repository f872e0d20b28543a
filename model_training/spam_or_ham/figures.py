"""The measured figures as rows of a table: for the terminal and for the page."""

from model_training.reports.tables import table as table
from model_training.spam_or_ham.evaluate import ArticleSplit, CrossValidation

_ROWS = (
    ("accuracy", "accuracy", "%", 100),
    ("spam_caught_percent", "spam caught", "%", 1),
    ("ham_blocked_percent", "ham blocked", "%", 1),
    ("spam_precision", "spam precision", "", 1),
    ("spam_recall", "spam recall", "", 1),
    ("spam_f1", "spam F1", "", 1),
    ("mcc", "Matthews correlation", "", 1),
    ("brier", "Brier score", "", 1),
    ("calibration_error", "calibration error", "", 1),
)


def cross_validation_rows(
    measured: CrossValidation, reference: CrossValidation | None
) -> list[tuple[str, ...]]:
    """One row per figure: its name, mean ± standard deviation, and the reference's if any."""
    rows = []
    for key, name, unit, scale in _ROWS:
        row = [name]
        for validation in (measured, reference):
            if validation is not None:
                figure = validation.figures[key]
                row.append(_spread(figure.mean * scale, figure.sd * scale, unit))
        rows.append(tuple(row))
    return rows


def split_rows(split: ArticleSplit, reference: ArticleSplit | None) -> list[tuple[str, ...]]:
    """The same figures on the article's own split, of one test part and hence without a spread."""
    rows = []
    for key, name, unit, scale in _ROWS:
        row = [name]
        for part in (split, reference):
            if part is not None:
                row.append(_number(part.figures[key] * scale, unit))
        rows.append(tuple(row))
    return rows


def single_rows(scores: dict[str, float]) -> list[tuple[str, ...]]:
    """One row per figure of one test part."""
    return [(name, _number(scores[key] * scale, unit)) for key, name, unit, scale in _ROWS]


def domain_rows(measured: CrossValidation, beside: CrossValidation | None) -> list[tuple[str, ...]]:
    """The first three figures of each domain's messages, and what is beside them if anything."""
    rows = []
    for domain, own in measured.domains.items():
        for key, name, unit, scale in _ROWS[:3]:
            row = [f"{domain}: {name}"]
            for figure in (own[key], beside.domains[domain][key] if beside else None):
                if figure is not None:
                    row.append(_spread(figure.mean * scale, figure.sd * scale, unit))
            rows.append(tuple(row))
    return rows


def domain_columns(recipe: str, beside: object | None) -> tuple[str, ...]:
    """The head of the domains' table."""
    return ("", recipe) if beside is None else ("", recipe, "default, trained on SMS alone")


def columns(recipe: str, reference: object | None) -> tuple[str, ...]:
    """The table's head: the recipe, and the reference beside it where there is one."""
    return ("", recipe) if reference is None else ("", recipe, "the article's")


def _spread(mean: float, sd: float, unit: str) -> str:
    return f"{_number(mean, unit)} ± {_number(sd, unit)}"


def _number(value: float, unit: str) -> str:
    return f"{value:.2f} %" if unit else f"{value:.4f}"
