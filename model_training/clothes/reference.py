"""What the torch network answers to a picture made by code: our Keras network must answer it too.

Recorded once with torch 2.13.0 and the package efficientnet_lite_pytorch 0.1.0, on golden pattern
0: the five highest of ImageNet's 1,000 logits, by index of class.
"""

from collections.abc import Mapping

import numpy

from model_training.clothes import golden, network
from model_training.clothes.pixels import normalised
from model_training.clothes.variants import Variant
from model_training.publishing.manifests import ArtifactError

CLASSES = 1000
TOLERANCE = 1e-4
ANSWERS = {
    "efficientnet-lite0": {506: 9.26895, 749: 5.26115, 522: 5.10168, 446: 4.5353, 109: 4.5075},
    "efficientnet-lite1": {506: 7.03506, 811: 5.71757, 854: 5.60767, 619: 5.38629, 828: 5.00335},
    "efficientnet-lite2": {782: 6.65495, 664: 6.22998, 851: 6.07662, 527: 5.08501, 818: 4.55685},
}


def prove(variant: Variant, tensors: Mapping[str, numpy.ndarray]) -> float:
    """The largest difference from torch's answers; `ArtifactError` beyond `TOLERANCE`."""
    complete = network.build(variant, CLASSES)
    network.load_imagenet(complete, tensors)
    (logits,) = complete.predict_on_batch(normalised(golden.pattern(0, variant.size)[None]))
    expected = ANSWERS[variant.name]
    difference = max(abs(float(logits[index]) - value) for index, value in expected.items())
    if set(logits.argsort()[-5:].tolist()) != set(expected) or not difference <= TOLERANCE:
        raise ArtifactError(
            f"{variant.name} in Keras differs from torch's by {difference:.1e} in a logit of the "
            f"reference picture; expected at most {TOLERANCE:.0e}; do not train with it"
        )
    return difference
