"""The model read back as the function will read it, before it is published."""

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

from serving.loading.errors import LoadError
from serving.tabular.predictor import load
from serving.tabular.runtimes import runtime

from model_training.publishing import artifacts
from model_training.publishing.artifacts import ArtifactError
from model_training.publishing.kinds.kind import Manifest


def check(files: Mapping[str, bytes], manifest: Manifest) -> None:
    """Raise `ArtifactError` unless the serving code reads the model and it answers as recorded.

    `files` are the artifacts; all golden answers are asked.
    """
    refusal = _refusal(files, manifest, manifest["runtime"])
    if refusal is None:
        return
    if manifest["runtime"] == "portable" and _refusal(files, manifest, "scikit-learn") is None:
        raise ArtifactError(
            f'{refusal.rstrip(".")}. Or publish it with runtime="scikit-learn": its function has '
            "the library itself"
        )
    raise ArtifactError(refusal)


def _refusal(files: Mapping[str, bytes], manifest: Manifest, name: str) -> str | None:
    """What the runtime of this name has against the model, or `None`."""
    (pickled,) = files.values()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            read = runtime(name)
            model = _OneByOne(read(pickled, manifest))
            artifacts.check_golden(model, manifest, "The model", "it must not be published")
            load({**files, artifacts.MANIFEST: artifacts.encode(manifest)}, read)
    except (ValueError, LoadError) as error:
        return " ".join(str(error).split())
    # scikit-learn raises what it likes of a pickle that is not what it seems.
    except Exception as error:
        said = " ".join(str(error).split())[:200]
        return f"The model cannot be read back ({type(error).__name__}: {said}); fit it again"
    return None


class _OneByOne:
    """An estimator of many rows, asked row by row."""

    def __init__(self, estimator: Any) -> None:
        self._estimator = estimator
        self.classes_ = tuple(estimator.classes_)

    def predict(self, row: Sequence[float]) -> tuple[Any, Sequence[float]]:
        (answer,) = self._estimator.predict([row])
        label, probabilities = answer
        return label, probabilities
