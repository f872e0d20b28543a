"""The article's way: joblib files from S3 through a boto3 resource, GaussianNB on a dense array.

Call for call what the article's handler does, printing the text included; only joblib is imported
from where scikit-learn keeps it today.
"""

import io
import json
import os

import boto3
import joblib
import numpy

_bucket = boto3.resource("s3").Bucket(os.environ["BUCKET"])


def load(key):
    with io.BytesIO() as file:
        _bucket.download_fileobj(Key=key, Fileobj=file)
        return joblib.load(file)


vectorizer = load("tfidf_vectorizer.pkl")
classifier = load("naive_bayes_clf.pkl")


def handler(event, context):  # noqa: ARG001 - Lambda's signature
    texts = [event["body"]]
    print(f"Classifying {texts}")
    features = vectorizer.transform(numpy.array(texts)).toarray()
    return {"statusCode": 200, "body": json.dumps(classifier.predict(features).tolist())}
