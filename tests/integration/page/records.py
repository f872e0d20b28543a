"""The page of services of records, with small models behind it: fixtures of its tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from breast_cancer.article import format_answer, format_problem
from playwright.sync_api import Locator, Page, expect
from serving.http import static
from serving.service import ModelService, model_service

from stacks.config import model_service as entries
from stacks.config.services import SERVICES
from stacks.packaging.page import NAME, page
from tests.harness import small_regression_model as rents
from tests.harness.loopback_gateway import Gateway, serve, through
from tests.harness.small_records_model import FIELDS, small_records_model
from tests.harness.small_tabular_model import small_tabular_model
from tests.integration.page.conftest import Open, Windows, visitor
from tools.local_aws.fake_s3 import FakeS3
from tools.local_aws.served_models import LAMBDA_SRC
from tools.local_aws.small_model import Files, place

RENT = entries.ModelService(
    name=rents.NAME,
    stack_id="Rent",
    summary="Says what a flat costs a month.",
    model_folder=Path("model_training/rent/trained"),
    endpoint=entries.RestRoutes(
        routes=(
            entries.Route(path="/rent", methods=("GET", "POST")),
            entries.Route(path="/", methods=("GET",)),
        )
    ),
    memory=512,
    timeout=15,
)
"""An entry as one is added: the page has no words of its own."""

Serve = Callable[..., Gateway]


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """Starts a service of the registry, or `RENT`, with its page and a model, once each."""
    running: dict[str, Gateway] = {}
    with ExitStack() as stack:
        s3 = stack.enter_context(FakeS3())

        def start(name: str, files: Files, reader: str = "portable", **own: Any) -> Gateway:
            entry = next((one for one in SERVICES if one.name == name), RENT)
            file = tmp_path_factory.mktemp(name) / NAME
            file.write_text(page(entry, "fields", LAMBDA_SRC), encoding="utf-8")
            environ = {
                **place(s3, files, name),
                "SERVICE_PATH": entry.routes[0].path,
                "INPUT_KIND": "fields",
                "MODEL_READER": reader,
            }
            service: ModelService = model_service(environ, page=static.Page(str(file)), **own)
            return stack.enter_context(serve(through(service.handler)))

        def once(case: str) -> Gateway:
            if case not in running:
                running[case] = start(*CASES[case][:3], **CASES[case][3])
            running[case].instead = None
            running[case].posts.clear()
            return running[case]

        yield once


CASES: dict[str, Any] = {
    "loans": ("loan_grade", small_records_model(), "keras", {}),
    "loans without typical values": (
        "loan_grade",
        small_records_model(fields=[{**field, "typical": None} for field in FIELDS]),
        "keras",
        {},
    ),
    "cells": (
        "breast_cancer",
        small_tabular_model(),
        "portable",
        {"format_answer": format_answer, "format_problem": format_problem},
    ),
    "rent": ("rent", rents.small_regression_model(), "portable", {}),
    "rents": ("rent", rents.small_regression_model(outputs=3), "scikit_learn", {}),
}
"""Name of the service, its model, what reads it, and what it words itself."""


@pytest.fixture
def visit_of(windows: Windows, started: Serve) -> Iterator[Callable[..., tuple[Page, Gateway]]]:
    """Opens the page of a case in a browser, where nothing may go wrong."""
    with ExitStack() as stack:
        visitors: dict[str, Open] = {}

        def open_case(case: str, **options: Any) -> tuple[Page, Gateway]:
            gateway = started(case)
            if case not in visitors:
                visitors[case] = stack.enter_context(visitor(windows, gateway))
            opened = visitors[case](**options)
            expect(opened.get_by_role("button", name="Predict")).to_be_enabled()
            return opened, gateway

        yield open_case


def predict(page: Page) -> None:
    page.get_by_role("button", name="Predict").click()


def verdict(page: Page) -> Locator:
    """What is answered, in the words of the answer's heading."""
    return page.locator("h3.verdict b")
