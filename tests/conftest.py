"""How the tests are spread over processes: what shares an expensive fixture stays together."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

_TESTS = Path(__file__).parent
# The stacks are synthesized once, and the services deployed once, for all tests that look at them.
_SHARED = {
    "stacks": "stacks",
    "integration/test_spam_or_ham.py": "deployed",
    "integration/test_hostile_text.py": "deployed",
    "integration/test_breast_cancer.py": "deployed",
    "integration/test_clothes.py": "deployed",
    "integration/test_deploy_twice.py": "deployed",
    "integration/test_loan_grade.py": "deployed",
    "integration/test_local_aws.py": "deployed",
    "integration/test_runtimes.py": "deployed",
    "integration/test_one_address.py": "deployed",
}
# These synthesize apps of their own. Whatever has made many apps in one process becomes slow.
_ALONE = {"stacks/test_app.py", "stacks/test_guard_rules.py"}


# The same examples with every change; more of them, and others every night, under `make judge`.
settings.register_profile("change", max_examples=50, deadline=None, derandomize=True, database=None)
settings.register_profile("judge", max_examples=1_000, deadline=None, print_blob=True)
settings.load_profile("change")


# First: xdist reads the groups in a hook of the same name, and sees none that come later.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give every test the group of its fixture, or that of its file."""
    for item in items:
        file = item.path.relative_to(_TESTS).as_posix()
        shared = (group for place, group in _SHARED.items() if file.startswith(place))
        group = file if file in _ALONE else next(shared, file)
        item.add_marker(pytest.mark.xdist_group(group))
