"""The versions of what trains: they decide what a pickle holds."""

import platform
import unicodedata
from importlib.metadata import version

LIBRARIES = ("scikit-learn", "numpy", "joblib")


def trained_with() -> dict[str, str]:
    """Python, its Unicode tables, and the libraries: the manifest's entry."""
    return {
        "python": platform.python_version(),
        "unicode": unicodedata.unidata_version,
        **{library: version(library) for library in LIBRARIES},
    }
