"""Breast cancer: measurements of a cell image on a Function URL."""

from pathlib import Path

from stacks.config.model_service import FunctionUrl, ModelService

SERVICE = ModelService(
    name="breast_cancer",
    stack_id="BreastCancer",
    summary="Tells benign from malignant by five measurements of a cell image.",
    model_folder=Path("build/models/breast_cancer"),
    own_handler=True,
    endpoint=FunctionUrl(open_to_all=True),
    runtime="portable",
    # More than the portable runtime needs: CPU comes with memory, and scikit-learn, which one
    # word above would bring, takes seconds of it to import.
    memory=1024,
    timeout=15,
    # A Function URL has no throttle.
    reserved_concurrency=10,
)
