"""A model folder is good, or it is refused with one sentence that says what to do."""

import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from model_training.publishing import artifacts, manifests
from model_training.publishing.manifests import ArtifactError

ROOT = Path(__file__).resolve().parents[4]
ADVICE = "; run: python -m model_training.spam_or_ham"
Change = Callable[[Callable[[dict[str, Any]], object]], None]


def refusal(folder: Path) -> str:
    with pytest.raises(ArtifactError) as caught:
        artifacts.verify(folder)
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert sentence.endswith(ADVICE)
    return sentence.removesuffix(ADVICE)


def test_a_good_folder_gives_its_manifest(trained: Path) -> None:
    manifest = artifacts.verify(trained)
    content = (trained / "manifest.json").read_bytes()
    assert manifest == json.loads(content)
    assert manifests.encode(manifest) == content
    assert re.fullmatch("[0-9a-f]{12}", manifests.model_version(manifest))
    assert len(manifest["golden"]) >= 50
    assert manifest["labels"] == ["ham", "spam"]
    for name, entry in manifest["artifacts"].items():
        data = (trained / name).read_bytes()
        assert entry == {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}


def test_a_missing_folder(tmp_path: Path) -> None:
    assert refusal(tmp_path / "spam_or_ham").endswith("spam_or_ham does not exist")


@pytest.mark.parametrize("name", ["manifest.json", "tfidf_vectorizer.pkl", "naive_bayes_clf.pkl"])
def test_a_missing_file(model: Path, name: str) -> None:
    (model / name).unlink()
    assert refusal(model).startswith(f"There is no {name} in ")


@pytest.mark.parametrize("name", ["manifest.json", "tfidf_vectorizer.pkl"])
def test_an_unreadable_file(model: Path, name: str) -> None:
    (model / name).unlink()
    (model / name).mkdir()
    assert "cannot be read (Is a directory)" in refusal(model)


@pytest.mark.parametrize("name", ["tfidf_vectorizer.pkl", "naive_bayes_clf.pkl"])
def test_one_changed_byte(model: Path, name: str) -> None:
    content = bytearray((model / name).read_bytes())
    content[len(content) // 2] ^= 1
    (model / name).write_bytes(content)
    assert re.search(rf"{name} \(\d+ bytes, SHA-256 .*…\) is not the file its", refusal(model))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is not JSON"),
        (b"{", "is not JSON"),
        (b"\xff", "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b"[]", "has schema None where this code reads schema 2"),
        (b'{"schema": 1}', "has schema 1 where this code reads schema 2"),
    ],
)
def test_a_manifest_that_is_none(model: Path, content: bytes, words: str) -> None:
    (model / "manifest.json").write_bytes(content)
    assert words in refusal(model)


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (lambda m: m.update(runtime="tensorflow"), "runtime 'tensorflow' is unknown"),
        (lambda m: m.pop("runtime"), "runtime None is unknown"),
        (lambda m: m.update(normalisation="v9"), "normalisation 'v9' is unknown"),
        (lambda m: m.pop("normalisation"), "normalisation None is unknown"),
        (lambda m: m.pop("name"), "expected the model's name"),
        (lambda m: m.pop("artifacts"), "expected under artifacts pickles"),
        (lambda m: m["artifacts"].pop("naive_bayes_clf.pkl"), "expected under steps the artifacts"),
        (
            lambda m: m["artifacts"].update({"../x": m["artifacts"]["naive_bayes_clf.pkl"]}),
            "expected under artifacts pickles",
        ),
        (lambda m: m["artifacts"]["naive_bayes_clf.pkl"].pop("sha256"), "expected a sha256"),
        (lambda m: m["artifacts"]["naive_bayes_clf.pkl"].update(bytes=True), "expected a sha256"),
        (lambda m: m["artifacts"]["naive_bayes_clf.pkl"].update(bytes=10**9), "expected a sha256"),
        (lambda m: m["artifacts"]["naive_bayes_clf.pkl"].update(bytes=1), "is not the file"),
        (lambda m: m.update(labels=["ham"]), "at least two labels"),
        (lambda m: m.update(labels=["ham", "spam", "ham"]), "none of them twice"),
        (lambda m: m.update(labels=["1", 1]), "none of them twice"),
        (lambda m: m.update(labels=["ham", None]), "text, numbers or booleans"),
        (lambda m: m.update(golden=m["golden"][:49]), "at least 50 golden texts"),
        (lambda m: m["golden"][3].pop("input"), "expected an input, a prediction"),
        (lambda m: m["golden"][3].update(input=None), "golden text 3 is none that a request may"),
        (lambda m: m["golden"][3].update(prediction="eggs"), "expected an input, a prediction"),
        (lambda m: m["golden"][3]["probabilities"].pop("ham"), "expected an input, a prediction"),
        (
            lambda m: m["golden"][3]["probabilities"].update(ham="1"),
            "expected an input, a prediction",
        ),
    ],
)
def test_a_manifest_that_cannot_be_used(
    model: Path, change: Change, edit: Callable[[dict[str, Any]], object], words: str
) -> None:
    change(edit)
    assert words in refusal(model)


def test_a_failing_golden_answer(model: Path, change: Change) -> None:
    def nudge(manifest: dict[str, Any]) -> None:
        probabilities = manifest["golden"][40]["probabilities"]
        probabilities["ham"] += 2e-9

    change(nudge)
    assert "answers golden text 40 with " in refusal(model)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_a_golden_answer_that_is_no_number(model: Path, number: str) -> None:
    path = model / "manifest.json"
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r'("ham": )0\.\d+', rf"\1{number}", text, count=1), encoding="utf-8")
    assert "expected an input, a prediction and probabilities" in refusal(model)


def test_a_wrong_golden_label(model: Path, change: Change) -> None:
    def swap(manifest: dict[str, Any]) -> None:
        golden = manifest["golden"][0]
        golden["prediction"] = "ham" if golden["prediction"] == "spam" else "spam"

    change(swap)
    assert "answers golden text 0 with " in refusal(model)


def test_labels_in_another_order(model: Path, change: Change) -> None:
    change(lambda manifest: manifest.update(labels=["spam", "ham"]))
    assert "the manifest's labels are not the model's" in refusal(model)


def test_a_model_that_the_runtime_does_not_serve(model: Path, change: Change) -> None:
    content = b"\x80\x04]\x94."
    (model / "naive_bayes_clf.pkl").write_bytes(content)
    entries = manifests.describe({"naive_bayes_clf.pkl": content})
    change(lambda manifest: manifest["artifacts"].update(entries))
    assert refusal(model).startswith("The portable runtime cannot serve the model in ")


def test_files_are_replaced_whole_and_the_manifest_last(tmp_path: Path) -> None:
    version = artifacts.write(tmp_path / "new", {"a.pkl": b"a"}, {"schema": 2, "kind": "text"})
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["a.pkl", "manifest.json"]
    content = (tmp_path / "new" / "manifest.json").read_bytes()
    assert version == manifests.model_version(json.loads(content))
    assert json.loads(content)["artifacts"] == manifests.describe({"a.pkl": b"a"})


def test_verifying_imports_nothing_that_trains(trained: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from model_training.publishing import artifacts; "
        "artifacts.verify(Path(sys.argv[1])); "
        "print(sorted({'sklearn', 'numpy', 'scipy', 'joblib', 'tqdm'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(trained)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"
