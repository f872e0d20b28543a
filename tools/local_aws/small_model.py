"""A small spam model fitted by scikit-learn itself, and its place on the fake S3."""

from __future__ import annotations

import hashlib
import json
import pickle
from typing import Any

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.naive_bayes import MultinomialNB

from model_training.publishing import artifacts, manifests
from model_training.publishing.manifests import VERSION_DIGITS
from model_training.publishing.runtimes import reader
from stacks.config.published_model import BUNDLE
from stacks.config.services import SERVICES
from tools.local_aws.fake_s3 import FakeS3

BUCKET = "model-bucket"
SPAM = ("win a free prize now", "free money call now", "claim your cash prize", "urgent win 1000")
HAM = ("see you at noon", "are we still meeting", "call me when home", "thanks for the lift")
GOLDEN = ("free prize", "see you at home", "win noon", "unknown words only", "call", "1000 thanks")

Files = dict[str, bytes]


def small_model() -> Files:
    """The three files that training writes, by name: seconds to make, a few kB to read."""
    texts = SPAM + HAM
    labels = ["spam"] * len(SPAM) + ["ham"] * len(HAM)
    vectorizer = TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2)).fit(texts)
    classifier = MultinomialNB(alpha=0.1).fit(vectorizer.transform(texts), labels)
    golden = [
        {
            "input": text,
            "prediction": str(classifier.predict(vectorizer.transform([text]))[0]),
            "probabilities": dict(
                zip(
                    classifier.classes_.tolist(),
                    classifier.predict_proba(vectorizer.transform([text]))[0].tolist(),
                    strict=True,
                )
            ),
        }
        for text in GOLDEN
    ]
    manifest: dict[str, Any] = {
        "schema": 2,
        "kind": "text",
        "name": "spam_or_ham",
        "recipe": "small",
        "labels": ["ham", "spam"],
        "runtime": "portable",
        "normalisation": None,
        "trained_with": {"python": "3.11.7"},
        "data": {"rows": len(texts)},
        "metrics": {"accuracy": 1.0},
        "golden": golden,
    }
    pickles = {
        "tfidf_vectorizer.pkl": pickle.dumps(vectorizer, protocol=4),
        "naive_bayes_clf.pkl": pickle.dumps(classifier, protocol=4),
    }
    manifest |= artifacts.entries(pickles)
    return {**pickles, "manifest.json": json.dumps(manifest, sort_keys=True).encode()}


def place(
    s3: FakeS3, files: Files, name: str = "spam_or_ham", runtime: str | None = None
) -> dict[str, str]:
    """Puts the files under content-addressed keys; the function's variables for them."""
    for key, data in keys_of(files, name).items():
        s3.objects[f"/{BUCKET}/{key}"] = data
    return {**pinned(files, name, runtime), "MODEL_BUCKET": BUCKET, **s3.environ()}


def place_bundle(objects: dict[str, bytes], files: Files, name: str) -> dict[str, str]:
    """Puts the object that has all files among objects by path; the variable that names it."""
    data = b"".join(files[file] for file in sorted(files))
    key = f"{name}/{_digest(data)}/{BUNDLE}"
    objects[f"/{BUCKET}/{key}"] = data
    return {"MODEL_BUNDLE": json.dumps({"bytes": len(data), "key": key, "sha256": _digest(data)})}


def keys_of(files: Files, name: str) -> Files:
    """The files by their content-addressed keys."""
    return {f"{name}/{_digest(data)}/{file}": data for file, data in files.items()}


def pinned(files: Files, name: str, runtime: str | None = None) -> dict[str, str]:
    """The variables that say which model a function serves and how, wherever its files lie.

    `runtime`: another than the one its manifest names.
    """
    entries = {
        key.rpartition("/")[2]: {"key": key, "sha256": _digest(data), "bytes": len(data)}
        for key, data in keys_of(files, name).items()
    }
    variables = {
        "MODEL_NAME": name,
        "MODEL_VERSION": version_of(files),
        "MODEL_ARTIFACTS": json.dumps(entries, sort_keys=True, separators=(",", ":")),
    }
    return variables | _served_by(files, name, runtime)


def _served_by(files: Files, name: str, runtime: str | None) -> dict[str, str]:
    """The variables of a service of the registry; none for files that only the loader is given."""
    service = next((service for service in SERVICES if service.name == name), None)
    try:
        manifest = json.loads(files["manifest.json"])
        module = reader(runtime or manifest["runtime"], manifest)
    except (KeyError, TypeError, ValueError):
        return {}  # damaged on purpose
    if service is None:
        return {}
    return {
        "SERVICE_PATH": service.routes[0].path,
        "INPUT_KIND": manifest["kind"],
        **({} if module is None else {"MODEL_READER": module}),
        "RESPONSE_HEADERS": json.dumps(dict(service.response_headers)),
        **({"SERVICE_INVOCATIONS": "yes"} if service.invocations else {}),
    }


def version_of(files: Files) -> str:
    """The model's version, as the stack sets it; zeros where no stack takes the manifest."""
    try:
        manifest = json.loads(files["manifest.json"])
    except ValueError:
        manifest = None
    if not isinstance(manifest, dict) or "kind" not in manifest:
        return "0" * VERSION_DIGITS
    trained = {name: data for name, data in files.items() if name != "manifest.json"}
    return manifests.model_version({"artifacts": manifests.describe(trained), **manifest})


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def path_of(environ: dict[str, str], name: str) -> str:
    """Where a file of `place` is on the fake S3."""
    return f"/{BUCKET}/{json.loads(environ['MODEL_ARTIFACTS'])[name]['key']}"
