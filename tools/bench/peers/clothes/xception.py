"""Writes the article's network, with weights as they come: `python xception.py FILE.keras`."""

import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras

SIZE = 299
base = keras.applications.Xception(
    weights=None, include_top=False, input_shape=(SIZE, SIZE, 3), pooling="avg"
)
hidden = keras.layers.Dense(100, activation="relu")(base.output)
keras.Model(base.input, keras.layers.Dense(10)(hidden)).save(sys.argv[1])
