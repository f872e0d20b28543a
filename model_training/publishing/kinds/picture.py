"""Models of pictures, evaluated by LiteRT.

Beyond what every manifest holds: `input`, the side of the square a picture is resized to and how
its bytes become numbers. The golden inputs are patterns made by a formula; their answers are
checked where LiteRT is: by the function when it starts, and by the tests.
"""

from model_training.publishing.kinds.kind import Kind, Manifest


def _problem(manifest: Manifest) -> str | None:
    described = manifest.get("input")
    if (
        not isinstance(described, dict)
        or type(described.get("size")) is not int
        or not 8 <= described["size"] <= 1024
        or not all(type(described.get(name)) in (int, float) for name in ("scale", "offset"))
    ):
        return "expected under input a size of 8 to 1024 pixels, a scale and an offset"
    files = manifest.get("artifacts")
    if not isinstance(files, dict) or set(files) != {f"{manifest['name']}.tflite"}:
        return f"expected exactly {manifest['name']}.tflite under artifacts"
    return None


def _pattern_problem(made: object, _: Manifest) -> str | None:
    number = made.get("pattern") if isinstance(made, dict) else None
    known = type(number) is int and number >= 0
    return None if known else "expected a pattern, a whole number of 0 or more"


PICTURE = Kind(
    name="picture",
    noun="picture",
    answers="scores",
    runtimes=("litert",),
    problem=_problem,
    input_problem=_pattern_problem,
    minimum_golden=3,
    answering=("input",),
)
