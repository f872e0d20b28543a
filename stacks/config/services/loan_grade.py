"""Loan grade: raw loans on a REST API, graded by a network."""

from pathlib import Path

from stacks.config.model_service import SCHEMAS, ModelService, RestRoutes, Route

SERVICE = ModelService(
    name="loan_grade",
    stack_id="LoanGrade",
    summary="Grades loan applications with a neural network.",
    model_folder=Path("model_training/loan_grade/trained"),
    # The article's clients know a prediction by it; no TensorFlow runs here.
    response_headers={"X-tensorflow-prediction": "True"},
    endpoint=RestRoutes(
        routes=(
            Route(
                path="/predict/loan-grade",
                methods=("GET", "POST"),
                schema=SCHEMAS / "loan_grade.json",
            ),
            Route(path="/", methods=("GET",)),
            Route(path="/openapi.json", methods=("GET",)),
        ),
    ),
    memory=512,
    timeout=15,
)
