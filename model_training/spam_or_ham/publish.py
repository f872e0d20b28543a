"""The step that both training and adopting end with: serialise, describe, prove, write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spam_or_ham.normalisation import normaliser
from tqdm import tqdm

from model_training.publishing import artifacts, pickling, proof, runtimes
from model_training.publishing.generated_texts import texts_for
from model_training.publishing.kinds.text import TEXT
from model_training.publishing.manifests import SCHEMA, ArtifactError
from model_training.publishing.versions import trained_with
from model_training.spam_or_ham.corpus import LABELS, Corpus
from model_training.spam_or_ham.golden import golden_messages

if TYPE_CHECKING:
    from portable.pickles.arrays import Label

NAME = "spam_or_ham"
VECTORIZER = "tfidf_vectorizer.pkl"
CLASSIFIER = "naive_bayes_clf.pkl"
VECTORIZERS = ("CountVectorizer", "TfidfVectorizer")
CLASSIFIERS = ("MultinomialNB", "ComplementNB", "BernoulliNB", "GaussianNB")
"""Of scikit-learn's, what the portable runtime reads for texts."""
_EXPECTED = f"; expected a {' or '.join(VECTORIZERS)} and a {' or '.join(CLASSIFIERS)}"
GENERATED_SEED = 20260102


def publish(
    folder: Path,
    pair: tuple[Any, Any],
    texts: Sequence[str],
    entries: dict[str, Any],
    expected: Sequence[str] | None = LABELS,
) -> str:
    """Write a model folder if the portable runtime answers as scikit-learn; give its version.

    `texts` are real messages, to choose golden messages from and to prove the answers equal on;
    `entries` are the manifest's entries about recipe, data and metrics, `normalisation` where texts
    are normalised, and `name` for another service than spam-or-ham. `expected` are the labels that
    the classifier must have, None for any texts. Raises `ArtifactError`, and leaves the folder as
    it was, when a model cannot be served or answers differently.
    """
    vectorizer, classifier = pair
    files = {
        VECTORIZER: pickling.serialised(vectorizer),
        CLASSIFIER: pickling.serialised(classifier),
    }
    normalisation = entries.get("normalisation")
    labels = _labels(files, pair, normalisation)
    expected_labels = sorted(map(str, labels)) if expected is None else sorted(expected)
    if sorted(map(str, labels)) != expected_labels or not isinstance(labels[0], str):
        named = "texts" if expected is None else " and ".join(map(repr, expected_labels))
        raise ArtifactError(
            f"The classifier's labels are {', '.join(map(repr, labels))}; expected {named}: fit it "
            "on these"
        )
    if not texts or not all(isinstance(text, str) for text in texts):
        raise ArtifactError(
            "The texts to prove the pair on are not all text; give real messages, one string each"
        )
    manifest: dict[str, Any] = {
        "schema": SCHEMA,
        "kind": TEXT.name,
        "name": NAME,
        "labels": [str(label) for label in classifier.classes_],
        "runtime": "portable",
        "normalisation": None,
        "trained_with": trained_with(),
        "golden": golden_messages(texts, vectorizer, classifier, normaliser(normalisation)),
        **entries,
    }
    manifest = artifacts.complete(files, manifest)
    artifacts.check_golden(files, manifest, "The pair", "report it: it must not be published")
    manifest["parity"] = parity_facts(files, manifest, pair, texts)
    return artifacts.write(folder, files, manifest)


def _labels(
    files: Mapping[str, bytes], pair: tuple[Any, Any], normalisation: str | None
) -> Sequence[Label]:
    """The labels of the pair as it is served; `ArtifactError` where it cannot be."""
    manifest = {
        "kind": TEXT.name,
        "normalisation": normalisation,
        **artifacts.entries(files),
    }
    try:
        model, _ = runtimes.load(files, manifest)
        return model.classes
    except ValueError as error:
        raise ArtifactError(
            f"The portable runtime cannot serve this pair: {str(error).rstrip('.')}"
            f"{'' if _are_served(pair) else _EXPECTED}"
        ) from None


def _are_served(pair: tuple[Any, Any]) -> bool:
    vectorizer, classifier = (type(one).__name__ for one in pair)
    return vectorizer in VECTORIZERS and classifier in CLASSIFIERS


def parity_facts(
    files: Mapping[str, bytes],
    manifest: Mapping[str, Any],
    pair: tuple[Any, Any],
    texts: Sequence[str],
) -> dict[str, Any]:
    """Prove the pickles equal to scikit-learn under every Python at hand; the manifest's entry.

    Compared are all `texts` and generated ones; what normalises them runs under each Python too.
    Raises `ArtifactError` if any answer differs.
    """
    inputs = [*texts, *texts_for(*pair, GENERATED_SEED, proof.GENERATED)]
    normalise = normaliser(manifest["normalisation"])
    with tqdm(total=len(inputs), desc="asking", unit="text", leave=False) as bar:
        expected = proof.oracle(pair, manifest, inputs, normalise, bar.update)
    return proof.proven_entry(files, manifest, inputs, expected)


def data_facts(corpus: Corpus) -> dict[str, Any]:
    """The manifest's entry about the data, with one like it for each domain where several."""
    domains = {part.domain: data_facts(part) for part in corpus.parts}
    return {
        "source": corpus.source,
        "sha256": corpus.sha256,
        "rows": len(corpus),
        "rows_deduplicated": len(corpus.deduplicated()[0]),
        "labels": corpus.label_counts(),
        "licence": corpus.licence,
        "credit": corpus.credit,
        **({"domains": domains} if domains else {}),
    }
