"""Writes models and answers of whatever scikit-learn runs it, for test_older_releases.py.

`python tests/unit/portable/fit_elsewhere.py > tests/unit/portable/fitted/sklearn-<version>.json`
in an environment with that release; it needs nothing of this project.
"""

import base64
import json
import pickle
import sys

import numpy as np
import sklearn
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer, TfidfVectorizer
from sklearn.naive_bayes import BernoulliNB, ComplementNB, GaussianNB, MultinomialNB
from sklearn.pipeline import Pipeline

TEXTS = ["free prize call now", "see you at home", "call me at lunch", "win a free prize",
         "ok home", "never the café"]  # fmt: skip
LABELS = ["spam", "ham", "ham", "spam", "ham", "other"]
ASKED = [*TEXTS, "", "free free call", "zzz", "CALL home CAFÉ café now"]
PAIRS = [
    (TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2)), MultinomialNB(alpha=0.1)),
    (TfidfVectorizer(dtype=np.float32, norm="l1", stop_words="english"), ComplementNB(norm=True)),
    # max_features leaves numpy integers in the vocabulary.
    (CountVectorizer(max_features=5), BernoulliNB()),
    (TfidfVectorizer(analyzer="char_wb", strip_accents="unicode"), GaussianNB()),
]


def packed(model: object) -> str:
    return base64.b64encode(pickle.dumps(model, protocol=4)).decode()


def main() -> None:
    pairs = []
    for vectorizer, classifier in PAIRS:
        rows, asked = vectorizer.fit_transform(TEXTS), vectorizer.transform(ASKED)
        if isinstance(classifier, GaussianNB):
            rows, asked = rows.toarray(), asked.toarray()
        classifier.fit(rows, LABELS)
        pairs.append(
            {
                "pickles": [packed(vectorizer), packed(classifier)],
                "labels": classifier.predict(asked).tolist(),
                "probabilities": classifier.predict_proba(asked).tolist(),
            }
        )
    steps = [("a", CountVectorizer()), ("b", TfidfTransformer()), ("c", MultinomialNB())]
    pipeline = Pipeline(steps).fit(TEXTS, LABELS)
    pairs.append(
        {
            "pickles": [packed(pipeline)],
            "labels": pipeline.predict(ASKED).tolist(),
            "probabilities": pipeline.predict_proba(ASKED).tolist(),
        }
    )
    versions = {"scikit-learn": sklearn.__version__, "numpy": np.__version__}
    json.dump({"versions": versions, "asked": ASKED, "models": pairs}, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
