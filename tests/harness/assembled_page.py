"""A service's page as its package holds it, for handlers that run from the sources."""

from __future__ import annotations

from pathlib import Path

from stacks.config.services import SERVICES
from stacks.packaging.page import NAME, page
from tools.local_aws.served_models import LAMBDA_SRC


def html(name: str, kind: str) -> str:
    """The page of the service of the registry with this name."""
    service = next(service for service in SERVICES if service.name == name)
    return page(service, kind, LAMBDA_SRC)


def assembled(name: str, kind: str, folder: Path) -> str:
    """The path of its file, put into a folder."""
    file = folder / NAME
    file.write_text(html(name, kind), encoding="utf-8")
    return str(file)
