"""The best that scikit-learn itself gives: plain pickles, sparse rows, no validation, one client.

The two objects are fetched while scikit-learn is imported.
"""

import json
import os
import pickle
import threading

# One thread computes one row; starting a pool of them costs more than the row.
os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"

_files = {}


def _fetch():
    import boto3

    s3 = boto3.client("s3")
    for key in ("tfidf_vectorizer.pkl", "naive_bayes_clf.pkl"):
        _files[key] = s3.get_object(Bucket=os.environ["BUCKET"], Key=key)["Body"].read()


_thread = threading.Thread(target=_fetch)
_thread.start()

import sklearn  # noqa: E402 - while the objects travel
import sklearn.feature_extraction.text  # noqa: E402
import sklearn.naive_bayes  # noqa: E402

sklearn.set_config(assume_finite=True, skip_parameter_validation=True)
_thread.join()
vectorizer = pickle.loads(_files["tfidf_vectorizer.pkl"])
classifier = pickle.loads(_files["naive_bayes_clf.pkl"])
labels = classifier.classes_.tolist()


def handler(event, context):  # noqa: ARG001 - Lambda's signature
    row = classifier.predict_proba(vectorizer.transform([event["body"]]))[0].tolist()
    label = labels[row.index(max(row))]
    answer = {"predictions": [label], "probabilities": [dict(zip(labels, row, strict=True))]}
    return {"statusCode": 200, "body": json.dumps(answer)}
