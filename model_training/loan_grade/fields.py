"""The fields of a loan application, and why the source's other columns are none of them.

Names are those of OpenIntro's `loans_full_schema`. Amounts are US dollars. A range is what a
request may hold: wider than anything seen, so that a plausible loan is never refused; where it is
beyond what training has seen, the preparation takes the nearest value that was.
"""

from dataclasses import dataclass
from typing import Any

GRADES = ("A", "B", "C", "D", "E", "F", "G")


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field; `high` is None for a category, `nullable` whether a loan may lack it."""

    name: str
    description: str
    unit: str = ""
    low: float = 0
    high: float | None = None
    integer: bool = True
    nullable: bool = False

    @property
    def category(self) -> bool:
        """Whether its values are words."""
        return self.high is None

    def entry(self, levels: list[str], typical: float | str | None) -> dict[str, Any]:
        """The manifest's entry; `levels` are those of the training part, `typical` its middle."""
        entry: dict[str, Any] = {
            "name": self.name,
            "type": "category" if self.category else "integer" if self.integer else "number",
            "description": self.description,
            "unit": self.unit,
            "required": not self.nullable,
            "nullable": self.nullable,
            "typical": typical,
        }
        if self.category:
            return {**entry, "levels": levels}
        return {**entry, "minimum": self.low, "maximum": self.high}


def _money(name: str, description: str, high: float, **more: Any) -> Field:
    return Field(name=name, description=description, unit="US dollars", high=high, **more)


def _count(name: str, description: str, **more: Any) -> Field:
    return Field(name=name, description=description, **{"high": 500, **more})


def _percent(name: str, description: str, high: float, **more: Any) -> Field:
    return Field(
        name=name, description=description, unit="percent", high=high, integer=False, **more
    )


def _months(name: str, description: str, high: float = 600, **more: Any) -> Field:
    return Field(name=name, description=description, unit="months", high=high, **more)


FIELDS = (
    _money("loan_amount", "amount asked for", 100_000, low=500),
    _months("term", "time to pay it back", 120, low=12),
    Field(name="loan_purpose", description="what the loan is for"),
    Field(name="application_type", description="whether one person applies or two"),
    Field(name="homeownership", description="how the applicant lives"),
    Field(
        name="emp_length",
        description="years in the present job, 10 for ten or more",
        unit="years",
        high=10,
        nullable=True,
    ),
    _money("annual_income", "yearly income", 100_000_000, integer=False),
    Field(name="verified_income", description="whether the lender has verified the income"),
    _percent("debt_to_income", "monthly debt payments per income", 1000, nullable=True),
    _money(
        "annual_income_joint",
        "yearly income of both applicants",
        100_000_000,
        integer=False,
        nullable=True,
    ),
    Field(
        name="verification_income_joint",
        description="whether the lender has verified the joint income",
        nullable=True,
    ),
    _percent(
        "debt_to_income_joint",
        "monthly debt payments per income of both applicants",
        1000,
        nullable=True,
    ),
    Field(
        name="earliest_credit_line",
        description="year in which the oldest line of credit was opened",
        unit="year",
        low=1900,
        high=2100,
    ),
    _count("delinq_2y", "delinquencies in the last two years"),
    _months("months_since_last_delinq", "since the last delinquency", nullable=True),
    _months("months_since_90d_late", "since a payment was 90 days late", nullable=True),
    _count("inquiries_last_12m", "inquiries into the credit record in the last 12 months"),
    _months("months_since_last_credit_inquiry", "since the last such inquiry", nullable=True),
    _count("total_credit_lines", "lines of credit ever"),
    _count("open_credit_lines", "lines of credit that are open"),
    _money("total_credit_limit", "limit of all open credit", 1_000_000_000),
    _money("total_credit_utilized", "balance of all credit but mortgages", 1_000_000_000),
    _count("num_collections_last_12m", "collections in the last 12 months, medical ones excluded"),
    _count("num_historical_failed_to_pay", "derogatory public records ever"),
    _money("total_collection_amount_ever", "amount ever given to collection", 1_000_000_000),
    _count("current_installment_accounts", "instalment accounts that are open"),
    _count("accounts_opened_24m", "accounts opened in the last 24 months"),
    _count("num_satisfactory_accounts", "accounts in good standing"),
    _count("num_active_debit_accounts", "bank cards in use"),
    _money("total_debit_limit", "limit of all bank cards", 1_000_000_000),
    _count("num_total_cc_accounts", "credit-card accounts ever"),
    _count("num_open_cc_accounts", "credit-card accounts that are open"),
    _count("num_cc_carrying_balance", "credit cards that carry a balance"),
    _count("num_mort_accounts", "mortgage accounts"),
    _percent("account_never_delinq_percent", "share of accounts never delinquent", 100),
    _count("tax_liens", "tax liens"),
    _count("public_record_bankrupt", "bankruptcies on record"),
)

LEFT_OUT = {
    "interest_rate": "set from the grade: with it the grade is read off, not predicted",
    "installment": "follows from the interest rate, the amount and the term: the same leak",
    "grade": "the answer",
    "sub_grade": "the answer, finer",
    "issue_month": "known only when the loan is issued",
    "loan_status": "known only after issue",
    "initial_listing_status": "decided by the platform when it lists the graded loan",
    "disbursement_method": "settled when the loan is paid out",
    "balance": "known only after issue",
    "paid_total": "known only after issue",
    "paid_principal": "known only after issue",
    "paid_interest": "known only after issue",
    "paid_late_fees": "known only after issue",
    "emp_title": "free text about a person; thousands of spellings",
    "state": "where somebody lives; it did not help in cross-validation",
    "current_accounts_delinq": "not zero in one of 10,000 loans",
    "num_accounts_30d_past_due": "not zero in one of 10,000 loans",
    "num_accounts_120d_past_due": "zero in all loans",
}
"""Columns that may be in a loan and are not looked at, with the reason."""

LEAKS = ("interest_rate", "installment")
"""The two columns that the report shows the leak with."""


def described(name: str) -> Field:
    """The field of that name."""
    return next(field for field in FIELDS if field.name == name)
