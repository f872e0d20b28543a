"""The article's way with its framework: Keras and TensorFlow answer, the model lies in the zip.

The picture is fetched and prepared as the article's image helper does it: urllib, Pillow, one
`predict`. The labels and the preparation are the network's.
"""

import os
from io import BytesIO
from urllib.request import urlopen

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy
from PIL import Image

LABELS = [
    "dress", "hat", "longsleeve", "outwear", "pants", "shirt", "shoes", "shorts", "skirt",
    "t-shirt",
]  # fmt: skip

model = keras.models.load_model("clothes.keras")
SIZE = model.input_shape[1]


def handler(event, context):  # noqa: ARG001 - Lambda's signature
    with urlopen(event["url"], timeout=5) as response:
        picture = Image.open(BytesIO(response.read())).convert("RGB")
    picture = picture.resize((SIZE, SIZE), Image.Resampling.BILINEAR)
    levels = numpy.asarray(picture, dtype=numpy.float32)
    (scores,) = model.predict((levels[numpy.newaxis] - 127) / 128, verbose=0)
    return dict(zip(LABELS, map(float, scores), strict=True))
