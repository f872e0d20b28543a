"""The templates as they are: a changed line shows what a changed construct does to AWS.

Of the services of this repository, which hold one of everything: what somebody adds has none.
"""

from __future__ import annotations

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

from tests.harness.reference import REFERENCE
from tools.reliability.defects.assembly import Assembly, masked


@pytest.mark.parametrize("stack", ["ModelStore", *(service.stack_id for service in REFERENCE)])
def test_template(reference: Assembly, stack: str, snapshot: SnapshotAssertion) -> None:
    assert masked(reference.template(stack)) == snapshot(extension_class=JSONSnapshotExtension)
