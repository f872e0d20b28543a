"""Answer picture files from a trained model, offline."""

from collections.abc import Sequence
from pathlib import Path

from model_training.clothes.evaluate import loaded
from model_training.clothes.folders import LABELS
from model_training.clothes.pixels import of_file


def run(model: Path, files: Sequence[Path]) -> None:
    """Print the label and the three highest scores (logits) of each file."""
    light = loaded(model)
    for file in files:
        picture = of_file(file, light.size)
        (scores,) = light.logits(picture[None])
        best = sorted(zip(scores, LABELS, strict=True), reverse=True)[:3]
        line = ", ".join(f"{label} {score:.2f}" for score, label in best)
        print(f"{file.name}: {best[0][1]} ({line})")
