"""The usual advice: the same pair converted by skl2onnx, run by ONNX Runtime.

Its tokenizer knows no look-around, no `\\d` or `\\w` beyond ASCII, and lower-cases by a locale that
few systems have installed: the pattern is approximated, the text lower-cased here.
"""

import json
import os

import boto3
import numpy
import onnxruntime

_s3 = boto3.client("s3")
_options = onnxruntime.SessionOptions()
_options.intra_op_num_threads = _options.inter_op_num_threads = 1
session = onnxruntime.InferenceSession(
    _s3.get_object(Bucket=os.environ["BUCKET"], Key="model.onnx")["Body"].read(), _options
)
labels = json.loads(session.get_modelmeta().custom_metadata_map["labels"])


def handler(event, context):  # noqa: ARG001 - Lambda's signature
    text = numpy.array([[event["body"].lower()]], dtype=object)
    label, rows = session.run(None, {"text": text})
    probabilities = dict(zip(labels, rows[0].tolist(), strict=True))
    answer = {"predictions": label.tolist(), "probabilities": [probabilities]}
    return {"statusCode": 200, "body": json.dumps(answer)}
