"""What a service's package holds of the shared folders."""

from __future__ import annotations

import json
from pathlib import Path

from model_training.publishing import runtimes
from stacks.config.services import SERVICES
from stacks.packaging.byte_code.needed import needed_files
from stacks.packaging.function_files import function_modules
from tests.harness.small_tabular_model import small_tabular_model
from tools.local_aws.small_model import Files, small_model

LAMBDA_SRC = Path(__file__).parents[5] / "lambda_src"


def _files(root: Path, contents: dict[str, str]) -> dict[str, Path]:
    for name, content in contents.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content)
    return {name: root / name for name in contents}


def test_what_is_imported_stays_wherever_the_statement_is(tmp_path: Path) -> None:
    files = _files(
        tmp_path,
        {
            "service/__init__.py": "",
            "service/handler.py": "import shared.plain\ndef f():\n    from shared.late import x\n",
            "shared/__init__.py": "",
            "shared/plain.py": "from shared import named\n",
            "shared/late.py": "x = 1\n",
            "shared/named.py": "",
            "shared/typed.py": "",
            "shared/unused.py": "import shared.late\n",
            "shared/group/__init__.py": "",
            "shared/group/module.py": "",
        },
    )
    (tmp_path / "shared/plain.py").write_text(
        "from shared import named\nif TYPE_CHECKING:\n    from shared.typed import T\n"
    )
    assert sorted(needed_files(files, ["service.handler"])) == [
        "service/__init__.py",
        "service/handler.py",
        "shared/__init__.py",
        "shared/late.py",
        "shared/named.py",
        "shared/plain.py",
    ]


def test_other_files_stay_where_a_module_of_their_folder_does(tmp_path: Path) -> None:
    files = _files(
        tmp_path,
        {
            "service/__init__.py": "",
            "service/roots.pem": "",
            "service/page/page.html": "<html>",
            "shared/__init__.py": "",
            "shared/roots.pem": "",
        },
    )
    assert "service/roots.pem" in needed_files(files, ["service"])
    assert "service/page/page.html" not in needed_files(files, ["service"])
    assert "shared/roots.pem" not in needed_files(files, ["service"])


def _packaged(name: str, files: Files) -> dict[str, Path]:
    """The modules in a service's package, for a model that its manifest describes."""
    service = next(service for service in SERVICES if service.name == name)
    manifest = json.loads(files["manifest.json"])
    reader = runtimes.reader(service.runtime, manifest)
    modules = runtimes.modules(manifest)
    return function_modules(service, manifest["kind"], reader, modules, LAMBDA_SRC)


def test_a_package_reads_the_estimators_of_its_model_and_no_others() -> None:
    texts = _packaged("spam_or_ham", small_model())
    assert {
        "spam_or_ham/handler.py",
        "serving/loading/s3.py",
        "serving/loading/ce5e74ef.0",
        "portable/feature_extraction/text.py",
        "portable/naive_bayes/__init__.py",
        "portable/explanation.py",
    } <= texts.keys()
    records = _packaged("breast_cancer", small_tabular_model())
    assert {
        "portable/ensemble/gradient_boosting.py",
        "portable/tree.py",
        "portable/pickles/records.py",
        "portable/row_explanation.py",
        "serving/runtimes/rows.py",
    } <= records.keys()
    families = (
        "tree",
        "linear_model",
        "ensemble",
        "preprocessing",
        "naive_bayes/gaussian",
        "keras",
    )
    beginnings = tuple(f"portable/{family}" for family in families)
    assert not [file for file in texts if file.startswith(beginnings)]
    others = ("linear_model", "naive_bayes", "feature_extraction", "preprocessing", "keras")
    beginnings = tuple(f"portable/{family}" for family in others)
    assert not [file for file in records if file.startswith(beginnings)]
