"""The model read back as the function will read it, before it is published."""

import warnings
from collections.abc import Mapping

from model_training.command_line import in_one_line
from model_training.publishing import artifacts
from model_training.publishing.kinds.kind import Manifest
from model_training.publishing.manifests import ArtifactError


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


def _refusal(files: Mapping[str, bytes], manifest: Manifest, runtime: str) -> str | None:
    """What the runtime has against the model, or `None`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            artifacts.check_golden(
                files, manifest, "The model", "it must not be published", runtime
            )
    except ArtifactError as error:
        return " ".join(str(error).split())
    # scikit-learn raises what it likes of a pickle that is not what it seems.
    except Exception as error:
        return f"The model cannot be read back ({in_one_line(error)}); fit it again"
    return None
