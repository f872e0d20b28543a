"""Small models fitted by scikit-learn, and the texts they are compared on."""

import pickle
import warnings
from collections.abc import Sequence
from typing import Any

from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.naive_bayes import BernoulliNB, ComplementNB, GaussianNB, MultinomialNB

from model_training.publishing import artifacts, proof
from model_training.publishing.parity import ParityReport

CORPUS = (
    ("ham", "Are you coming home for lunch? The café opens at 12, I'll be there"),
    ("spam", "FREE entry!! Win £1000 cash now, call 08001234567 to claim your prize"),
    ("ham", "ok lol see you later then, don't be late for the naïve résumé review"),
    ("spam", "Urgent! Your mobile number has won a free prize. Call now to claim"),
    ("other", "Reminder: your appointment with the doctor is at 10:30 on Monday"),
    ("ham", "I'm on the bus now, call you when I get home. Love you lots"),
    ("spam", "Congratulations, you have won a FREE holiday! Reply YES to claim now now now"),
    ("other", "Your order 4471 has been dispatched and will arrive on Tuesday"),
    ("ham", "haha that is so funny, the cat sat on the mat with the other cat"),
    ("other", "Your one time code is 55912. Do not share it with anyone"),
    ("spam", "Sexy singles near you! Text now, 50p per msg. STOP to end, call 0800"),
    ("ham", "Can you pick up some milk and bread on the way home please? Ta"),
)
TEXTS = [text for _, text in CORPUS]
LABELS = [label for label, _ in CORPUS]
TWO_LABELS = ["ham" if label == "other" else label for label in LABELS]

ODD_TEXTS = (
    "", " ", "\n\t", "zzz qqq", "free", "FREE free Free now now now now now now now now",
    "call call call call call call call call the the the the the the the you",
    "cafe\u0301 CAFÉ café naı̈ve RÉSUMÉ ﬁne \u0130stanbul ſo", "\ud800free\udfff call",
    "prize\u00a0claim\u2003win", "won't I'll 08001234567 12 1000", "a", "to", "ok\0ok",
    "   the  the ",
    "free call now " * 300, "é" * 50, "١٢٣ ⑨ ½ ²", "home\u200bhome 🎉 ß SS ΑΣ",
    "the cat sat on the mat with the other cat, haha", "\x1c\x1d\x85 you you",
)  # fmt: skip

CLASSIFIERS: dict[str, Any] = {
    "multinomial": MultinomialNB(alpha=0.1),
    "complement": ComplementNB(),
    "complement-norm": ComplementNB(norm=True),
    "bernoulli": BernoulliNB(),
    "bernoulli-threshold": BernoulliNB(binarize=0.2),
    "gaussian": GaussianNB(),
}


def fit(vectorizer: Any, classifier: Any, labels: Sequence[Any] = TWO_LABELS) -> None:
    """Fit both on the corpus; scikit-learn's advice on odd but valid options is not at issue."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        rows = vectorizer.fit_transform(TEXTS)
        classifier.fit(rows.toarray() if isinstance(classifier, GaussianNB) else rows, labels)


def dumps(model: Any) -> bytes:
    """The plain form in which models are published."""
    return pickle.dumps(model, protocol=4)


def prove_small(
    vectorizer: Any, classifier: Any, texts: Sequence[str] = (*TEXTS, *ODD_TEXTS)
) -> ParityReport:
    """Raise ParityError unless the portable runtime answers `texts` as scikit-learn does."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return prove_pair(dumps(vectorizer), dumps(classifier), vectorizer, classifier, list(texts))


def prove_pair(
    vectorizer_bytes: bytes,
    classifier_bytes: bytes,
    vectorizer: Any,
    classifier: Any,
    texts: Sequence[str],
) -> ParityReport:
    """Raise ParityError unless the pickles answer `texts` as the pair does."""
    files = {"vectorizer.pkl": vectorizer_bytes, "classifier.pkl": classifier_bytes}
    manifest = {"kind": "text", **artifacts.entries(files)}
    return proof.prove(
        files, manifest, texts, proof.oracle((vectorizer, classifier), manifest, texts)
    )


def fitted_pair() -> tuple[TfidfVectorizer, MultinomialNB]:
    """The default recipe's kind of pair."""
    vectorizer, classifier = TfidfVectorizer(sublinear_tf=True), MultinomialNB(alpha=0.1)
    fit(vectorizer, classifier)
    return vectorizer, classifier


def count_pair() -> tuple[CountVectorizer, MultinomialNB]:
    """The simplest pair."""
    vectorizer, classifier = CountVectorizer(), MultinomialNB()
    fit(vectorizer, classifier)
    return vectorizer, classifier
