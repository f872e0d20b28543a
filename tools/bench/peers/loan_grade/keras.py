"""Keras and TensorFlow at their best: one thread, and the network called, not `predict`.

`predict` sets up a loop over batches at every call; calling the network does not.
"""

import json
import os
import tempfile

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"

import boto3
import numpy
import tensorflow
from cumulative import Cumulative
from keras.models import load_model

FILE = os.path.join(tempfile.gettempdir(), f"loan_grade_{os.getpid()}.keras")
GRADES = "ABCDEFG"

tensorflow.config.threading.set_intra_op_parallelism_threads(1)
tensorflow.config.threading.set_inter_op_parallelism_threads(1)
boto3.client("s3").download_file(os.environ["BUCKET"], "loan_grade.keras", FILE)
model = load_model(FILE, custom_objects={"Cumulative": Cumulative}, compile=False)
os.remove(FILE)


def handler(event, context):  # noqa: ARG001 - Lambda's signature
    rows = numpy.array(event["encoded"], dtype="float32")
    probabilities = model(rows, training=False).numpy().tolist()
    answer = {
        "predictions": [GRADES[row.index(max(row))] for row in probabilities],
        "probabilities": [dict(zip(GRADES, row, strict=True)) for row in probabilities],
    }
    return {"statusCode": 200, "body": json.dumps(answer)}
