"""The comparison with scikit-learn, by the names that tests use."""

from tools.coverage.parity import TOLERANCE as TOLERANCE
from tools.coverage.parity import assert_near as assert_near
from tools.coverage.parity import assert_predicts_alike as assert_predicts_alike
from tools.coverage.parity import assert_transforms_alike as assert_transforms_alike
from tools.coverage.parity import dumped as dumped
