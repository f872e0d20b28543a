"""The article's way: Keras and TensorFlow, the network from S3, `model.predict` on one row.

The row comes scaled and encoded, as the article's requests do: the preparation that our function
does from the raw loan is not asked of this one.
"""

import json
import os
import tempfile

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
# No GPU is looked for.
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"

import boto3
import numpy
from cumulative import Cumulative
from keras.models import load_model

FILE = os.path.join(tempfile.gettempdir(), f"loan_grade_{os.getpid()}.keras")
GRADES = "ABCDEFG"

boto3.resource("s3").Bucket(os.environ["BUCKET"]).download_file("loan_grade.keras", FILE)
model = load_model(FILE, custom_objects={"Cumulative": Cumulative}, compile=False)
os.remove(FILE)


def handler(event, context):  # noqa: ARG001 - Lambda's signature
    rows = numpy.array(event["encoded"], dtype="float32")
    predictions = [GRADES[index] for index in model.predict(rows, verbose=0).argmax(axis=1)]
    headers = {"X-tensorflow-prediction": "True"}
    return {"statusCode": 200, "headers": headers, "body": json.dumps(predictions)}
