"""Converts the pair with skl2onnx and says where the result answers differently.

Runs in the benchmarks' own environment: `python onnx_model.py FOLDER TEXTS TARGET`, with a folder
of plain pickles, a JSON list of texts, and the folder that gets model.onnx and differences.json.
"""

import json
import pickle
import sys
from pathlib import Path

import numpy as np
import onnxruntime
from skl2onnx import convert_sklearn
from skl2onnx.common.data_types import StringTensorType
from sklearn.pipeline import make_pipeline

# What RE2 can say of the recipe's pattern: no look-behind, so long numbers are cut in fours
# where the recipe keeps their first two digits.
TOKENS = r"[0-9]{1,4}|\pL+('\pL+)?|[^\pL\pN_\s]"


def main(folder: Path, texts: list[str], target: Path) -> None:
    vectorizer = pickle.loads((folder / "tfidf_vectorizer.pkl").read_bytes())
    classifier = pickle.loads((folder / "naive_bayes_clf.pkl").read_bytes())
    pipeline = make_pipeline(vectorizer, classifier)
    expected = pipeline.predict_proba(texts)
    # The converted lower-casing needs the locale en_US.UTF-8; the handler does it instead.
    vectorizer.lowercase = False
    model = convert_sklearn(
        pipeline,
        initial_types=[("text", StringTensorType([None, 1]))],
        options={id(classifier): {"zipmap": False}, id(vectorizer): {"tokenexp": TOKENS}},
    )
    entry = model.metadata_props.add()
    entry.key, entry.value = "labels", json.dumps(classifier.classes_.tolist())
    data = model.SerializeToString()
    session = onnxruntime.InferenceSession(data)
    probabilities = np.vstack(
        [session.run(None, {"text": np.array([[t.lower()]], dtype=object)})[1] for t in texts]
    )
    distance = np.abs(probabilities - expected).max(axis=1)
    worst = int(distance.argmax())
    differences = {
        "texts": len(texts),
        "label_mismatches": int((probabilities.argmax(1) != expected.argmax(1)).sum()),
        "beyond_1e_4": int((distance > 1e-4).sum()),
        "max_abs_diff": float(distance[worst]),
        "worst_text": texts[worst],
    }
    target.mkdir(parents=True, exist_ok=True)
    (target / "model.onnx").write_bytes(data)
    (target / "differences.json").write_text(json.dumps(differences))


if __name__ == "__main__":
    main(Path(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text()), Path(sys.argv[3]))
