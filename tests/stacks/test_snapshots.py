"""The templates as they are: a changed line shows what a changed construct does to AWS.

Of the services of this repository, which hold one of everything: what somebody adds has none.
"""

from __future__ import annotations

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

from stacks.config.model_service import ModelService
from tests.harness.reference import REFERENCE
from tools.reliability.defects.assembly import Assembly, masked

LONGEST, LONGEST_WITH_SCHEMA = 1800, 2000
"""Lines of a service's snapshot that a reviewer reads, without and with a published schema."""


@pytest.mark.parametrize("stack", ["ModelStore", *(service.stack_id for service in REFERENCE)])
def test_template(reference: Assembly, stack: str, snapshot: SnapshotAssertion) -> None:
    assert masked(reference.template(stack)) == snapshot(extension_class=JSONSnapshotExtension)


@pytest.mark.parametrize("service", REFERENCE, ids=lambda service: service.name)
def test_a_reviewer_reads_all_of_it(reference: Assembly, service: ModelService) -> None:
    text = JSONSnapshotExtension().serialize(masked(reference.template(service.stack_id)))
    published = reference.resources(service.stack_id, "AWS::ApiGateway::Model")
    assert len(text.splitlines()) <= (LONGEST_WITH_SCHEMA if published else LONGEST)
