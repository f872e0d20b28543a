"""What a service's package holds of the shared folders."""

from __future__ import annotations

from pathlib import Path

from stacks.packaging.byte_code.needed import needed_files
from stacks.packaging.code_asset import source_files

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


def test_a_service_of_texts_takes_nothing_that_reads_tables() -> None:
    files = source_files(LAMBDA_SRC, ["serving", "portable", "spam_or_ham"])
    needed = needed_files(files, ["spam_or_ham.handler"])
    assert {
        "spam_or_ham/handler.py",
        "serving/loading/s3.py",
        "portable/naive_bayes/gaussian.py",
    } <= needed.keys()
    assert "serving/loading/amazon_roots.pem" in needed
    assert not [name for name in needed if "tabular" in name]
