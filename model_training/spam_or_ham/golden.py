"""Golden messages: inputs whose exact answers travel with the model.

Whoever is about to publish or serve a model lets it answer them first. They are of two kinds: real
messages of the corpus, the doubtful and the extreme among them, and odd inputs of our own.
"""

from collections.abc import Callable, Sequence
from typing import Any

from spam_or_ham.normalisation import is_plain

from model_training.spam_or_ham.recipes import predict_labels, predict_probabilities

Prepare = Callable[[str], str]
_SPREAD = 20
_DOUBTFUL = 6
_AT_LOAD = 5

# Characters are limited to those every supported Python's Unicode tables agree on.
ODD_TEXTS = (
    "",
    " ",
    "?",
    "a",
    "7",
    "\u0000",
    "\r\n\t",
    "\u200b\u200d\ufeff",
    "👍",
    "👩‍👩‍👧‍👦 🇪🇺 ❤️ 🎉🎉🎉",
    "£1,000.00!!! CALL 08001234567 NOW",
    "you know it is urgent and free",
    "FREE FREE FREE FREE FREE FREE FREE FREE",
    "fr33 pr1ze cl4im n0w",
    "f r e e  p r i z e",
    "Don't you\u2019re I'll we'd 'quoted' rock'n'roll",
    "12345 123456789012345678901234567890 1 22 333 4444",
    "under_scores and snake_case_2",
    "Grüße aus Köln, naïve café, Ærø, STRASSE straße",
    "Привет, как дела? Позвони мне",
    "你好,世界。免费领取奖品",
    "مرحبا كيف حالك",
    "नमस्ते, आप कैसे हैं?",
    "İstanbul \u0131ss\u0131z DŽ dž \u017f K Å",
    "e\u0301e\u0301 Z\u0351\u036b\u0343a\u0363\u0334l\u0368g\u0360o\u0321 n\u0303",
    "x² + ½ = Ⅷ ٣ ४",
    "<b>WIN</b> &amp; <a href='http://example.com'>click</a>",
    "'; DROP TABLE messages; -- {{7*7}} ${jndi:x}",
    '{"text": "json sent as text"}',
    "word " * 500 + "free",
    "a" * 5000,
    "Win cash now! " * 100,
)


def golden_texts(
    texts: Sequence[str], vectorizer: Any, classifier: Any, prepare: Prepare = str
) -> list[str]:
    """Some seventy inputs: odd ones, and of each label the spread, the longest and the doubtful."""
    rows = list(dict.fromkeys(texts))
    prepared = list(map(prepare, rows))
    probabilities = predict_probabilities(vectorizer, classifier, prepared).max(axis=1)
    labels = predict_labels(vectorizer, classifier, prepared)
    chosen = list(ODD_TEXTS)
    for label in sorted(set(labels)):
        own = [index for index, other in enumerate(labels) if other == label]
        step = max(1, len(own) // _SPREAD)
        picked = own[::step][:_SPREAD]
        picked.append(max(own, key=lambda index: len(rows[index])))
        picked += sorted(own, key=lambda index: (probabilities[index], index))[:_DOUBTFUL]
        chosen += [rows[index] for index in picked]
    return list(dict.fromkeys(chosen))


def golden_messages(
    texts: Sequence[str], vectorizer: Any, classifier: Any, prepare: Prepare = str
) -> list[dict[str, Any]]:
    """The golden messages with scikit-learn's own labels and exact probabilities.

    `prepare` is what is done to a text before the vectorizer meets it.
    """
    chosen = golden_texts(texts, vectorizer, classifier, prepare)
    names = [str(name) for name in classifier.classes_]
    prepared = list(map(prepare, chosen))
    rows = predict_probabilities(vectorizer, classifier, prepared)
    labels = predict_labels(vectorizer, classifier, prepared)
    plain = [text for text in chosen if is_plain(text)]
    plain = plain[:: max(1, len(plain) // _AT_LOAD)]
    return [
        {
            "input": text,
            # The others import what takes obfuscation off, longer than all the rest of a start.
            **({"at_load": True} if text in plain else {}),
            "prediction": label,
            "probabilities": dict(zip(names, map(float, row), strict=True)),
        }
        for text, label, row in zip(chosen, labels, rows, strict=True)
    ]
