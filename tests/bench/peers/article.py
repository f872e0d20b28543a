"""The article's way: joblib pickles from S3 through boto3, GaussianNB on a dense array."""

import io
import json
import os

import boto3
import joblib

s3 = boto3.client("s3")


def load(key):
    answer = s3.get_object(Bucket=os.environ["BUCKET"], Key=key)
    return joblib.load(io.BytesIO(answer["Body"].read()))


vectorizer = load("tfidf_vectorizer.pkl")
classifier = load("naive_bayes_clf.pkl")


def handler(event, context):  # noqa: ARG001 - Lambda's signature
    features = vectorizer.transform([event["body"]]).toarray()
    predictions = classifier.predict(features).tolist()
    return {"statusCode": 200, "body": json.dumps({"predictions": predictions})}
