"""The templates as they are: a changed line shows what a changed construct does to AWS."""

from __future__ import annotations

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

from stacks.config.services import SERVICES
from tools.reliability.defects.assembly import Assembly, masked


@pytest.mark.parametrize("stack", ["ModelStore", *(service.stack_id for service in SERVICES)])
def test_template(dev: Assembly, stack: str, snapshot: SnapshotAssertion) -> None:
    assert masked(dev.template(stack)) == snapshot(extension_class=JSONSnapshotExtension)
