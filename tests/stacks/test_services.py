"""The registry refuses declarations that would only fail when deployed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from stacks.config.model_service import FunctionUrl, ModelService, RestRoutes, Route, UnknownChoice
from stacks.config.published_model import Artifact, PublishedModel
from stacks.config.services import SERVICES
from stacks.config.stages import STAGES
from stacks.packaging.code_asset import source_files, stage_files
from tools import PROJECT

SERVICE = next(service for service in SERVICES if service.name == "spam_or_ham")


@pytest.mark.parametrize(
    "bad",
    [
        {"name": "spam-or-ham"},
        {"stack_id": "spam_or_ham"},
        {"memory": 64},
        {"timeout": 29},
        {"timeout": 0},
        {"runtime": "sklearn"},
        {"model_location": "bucket"},
        {"package": "rpm"},
        {"architecture": "aarch64"},
        {"reserved_concurrency": 0},
    ],
)
def test_a_service_checks_itself(bad: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="service"):
        replace(SERVICE, **bad)


@pytest.mark.parametrize(
    "routes",
    [
        (),
        (Route(path="/", methods=("GET",)),),
        (SERVICE.routes[0], SERVICE.routes[0]),
    ],
)
def test_routes_check_themselves(routes: tuple[Route, ...]) -> None:
    with pytest.raises(ValueError, match="RestRoutes"):
        RestRoutes(routes=routes)


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_one_word_of_the_context_changes_an_entry(service: ModelService) -> None:
    context = {
        f"runtime:{service.name}": "scikit-learn",
        f"model_location:{service.name}": "package",
        f"package:{service.name}": "image",
        "runtime:another": "portable",
    }
    changed = service.configured(context.get)
    assert (changed.runtime, changed.model_location) == ("scikit-learn", "package")
    assert changed.package == "image"
    assert changed.packaged_for(STAGES["dev"]) == changed
    assert changed.packaged_for(STAGES["local"]) == replace(changed, package="zip")
    assert service.configured(lambda _: None) == service
    with pytest.raises(UnknownChoice, match=f"-c runtime:{service.name}=portable.scikit-learn"):
        service.configured({f"runtime:{service.name}": "sklearn"}.get)


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("spamorham", ("GET",)),
        ("/a//b", ("GET",)),
        ("/a/", ("GET",)),
        ("/{proxy+}", ("GET",)),
        ("/a", ("ANY",)),
        ("", ("GET",)),
    ],
)
def test_a_route_checks_itself(path: str, methods: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="route"):
        Route(path=path, methods=methods)


def test_a_route_may_have_several_segments_and_a_schema_where_one_posts() -> None:
    assert Route(path="/predict/loan-grade", methods=("POST",), schema=Path("loans.json"))
    with pytest.raises(ValueError, match="what is posted"):
        Route(path="/predict/loan-grade", methods=("GET",), schema=Path("loans.json"))


def test_open_is_what_entry_and_stage_both_leave_open() -> None:
    url = replace(SERVICE, endpoint=FunctionUrl())
    opened = replace(SERVICE, endpoint=FunctionUrl(open_to_all=True))
    for auth, expected in (("open", True), ("iam", False), ("api_key", False)):
        stage = replace(STAGES["dev"], auth=auth)
        assert SERVICE.is_open(stage) is opened.is_open(stage) is expected
        assert not url.is_open(stage)


def test_names_are_unique() -> None:
    assert len({service.name for service in SERVICES}) == len(SERVICES)
    assert len({service.stack_id for service in SERVICES}) == len(SERVICES)


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_every_service_has_its_code(service: Any) -> None:
    assert (PROJECT / "lambda_src" / service.package_folder / "handler.py").is_file()


def test_digests_and_file_names_are_checked(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="64 lower-case hex"):
        Artifact(sha256="ABC", bytes=1)
    with pytest.raises(ValueError, match="positive"):
        Artifact(sha256="0" * 64, bytes=0)
    with pytest.raises(ValueError, match="plain file name"):
        PublishedModel(
            name="m",
            version="v",
            kind="text",
            reader=None,
            folder=tmp_path,
            artifacts={"../secret": Artifact(sha256="0" * 64, bytes=1)},
        )
    with pytest.raises(ValueError, match="no artifacts"):
        PublishedModel(
            name="m", version="v", kind="text", reader=None, folder=tmp_path, artifacts={}
        )


def test_leftovers_are_not_packaged(tmp_path: Path) -> None:
    for name in ("a/b.py", "a/__pycache__/b.cpython-311.pyc", "a/c.pyc", "a/.hidden", "d/e.py"):
        (tmp_path / "source" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "source" / name).write_text(name)
    files = source_files(tmp_path / "source", ["a"])
    assert set(files) == {"a/b.py"}
    staged = Path(stage_files(tmp_path / "staged", files))
    assert [file.name for file in staged.rglob("*.py")] == ["b.py"]
    with pytest.raises(FileNotFoundError, match="nothing to package"):
        source_files(tmp_path / "source", ["missing"])
