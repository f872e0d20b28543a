"""The article's way: the model in the function's zip, scikit-learn, joblib and numpy from layers.

It answers 200 to everything, as the article's does.
"""

import json

import joblib
import numpy

KEYS = ("meanConcavePoints", "worstRadius", "worstTexture", "worstArea", "worstConcavePoints")

classifier = joblib.load("gradient_boosting_clf.pkl")


def answer(reason, prediction, status):
    body = {"reason": reason, "prediction": prediction, "status": status}
    return {"statusCode": 200, "body": json.dumps(body)}


def handler(event, context):  # noqa: ARG001 - Lambda's signature
    body = json.loads(event["body"])
    if not all(key in body for key in KEYS):
        return answer(f"'body' must contain values for: {', '.join(KEYS)}", "", "400")
    row = numpy.array([float(body[key]) for key in KEYS]).reshape(1, -1)
    return answer("OK", int(classifier.predict(row)[0]), "200")
