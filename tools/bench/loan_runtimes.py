"""`python -m tools.bench.loan_runtimes`: one network, four runtimes; what decision 7 rests on.

Run it with the Keras environment, after `make bench SERVICE=loan_grade`, whose installed packages
it uses. Each runtime gets the same raw loan and the same preparation in fresh processes, in turn;
what differs is what multiplies. Cold is from the start of the process to its first answer.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from typing import Any

from tools import PROJECT

FOLDER = PROJECT / "build" / "bench" / "loan_grade"
NETWORK = PROJECT / "model_training" / "loan_grade" / "trained" / "network.json"
BENCH_PYTHON = PROJECT / ".venv-bench" / "bin" / "python"
ROUNDS = 15
INSTALLED = {"standard library": None, "numpy": "numpy", "LiteRT": "litert", "ONNX Runtime": "onnx"}

_PREPARED = """
import json, pathlib, sys, time
started = float(sys.argv[1])
folder = pathlib.Path(sys.argv[2])
loan = json.loads((folder / "loan.json").read_text())
content = (folder / "network.json").read_bytes()
from portable.keras.classifier import load
ours = load(content)
"""
_TIMED = """
first = answer()
cold = time.time() - started
times = []
for _ in range(3000):
    before = time.perf_counter()
    answer()
    times.append(time.perf_counter() - before)
times.sort()
print(json.dumps({"cold": cold * 1e3, "warm": times[1500] * 1e6, "row": list(map(float, first))}))
"""
_RUNTIMES = {
    "standard library": """
def answer():
    return ours.predict(loan)[1]
""",
    "numpy": """
import base64, math, numpy
def weights(layer):
    kernel = numpy.frombuffer(base64.b64decode(layer["kernel"]), "<f4")
    bias = numpy.frombuffer(base64.b64decode(layer["bias"]), "<f4")
    return kernel.reshape(-1, layer["units"]), bias
network = json.loads(content)
(hidden, more), (last, own) = map(weights, network["layers"])
past, _ = weights(network["shortcut"])
limits = numpy.array(network["head"]["thresholds"], "f4")
erf = numpy.vectorize(math.erf, otypes="f")
def answer():
    row = numpy.array(ours.columns.row(loan), "f4")
    inside = row @ hidden + more
    inside = 0.5 * inside * (1 + erf(inside / math.sqrt(2)))
    score = inside @ last + own + row @ past
    return numpy.diff(1 / (1 + numpy.exp(score - limits)), prepend=0, append=1)
""",
    "LiteRT": """
import numpy
from ai_edge_litert.interpreter import Interpreter
light = Interpreter(str(folder / "loan_grade.tflite"), num_threads=1)
light.allocate_tensors()
into, out = light.get_input_details()[0]["index"], light.get_output_details()[0]["index"]
def answer():
    light.set_tensor(into, numpy.array([ours.columns.row(loan)], "f4"))
    light.invoke()
    return light.get_tensor(out)[0]
""",
    "ONNX Runtime": """
import numpy, onnxruntime
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = options.inter_op_num_threads = 1
session = onnxruntime.InferenceSession(str(folder / "loan_grade.onnx"), options)
def answer():
    row = numpy.array([ours.columns.row(loan)], "f4")
    return session.run(None, {"loan": row})[0][0]
""",
}
_ONNX = """
import base64, json, sys
import numpy, onnx
from onnx import TensorProto, helper, numpy_helper
network = json.load(open(sys.argv[1]))
def tensors(layer, name):
    kernel = numpy.frombuffer(base64.b64decode(layer["kernel"]), "<f4").reshape(-1, layer["units"])
    bias = numpy.frombuffer(base64.b64decode(layer["bias"]), "<f4")
    return [numpy_helper.from_array(kernel, name + "k"), numpy_helper.from_array(bias, name + "b")]
known = [t for at, layer in enumerate([*network["layers"], network["shortcut"]])
         for t in tensors(layer, str(at))]
limits = numpy.array(network["head"]["thresholds"], "f4")
for name, value in (("limits", limits), ("none", numpy.zeros((1, 1), "f4")),
                    ("all", numpy.ones((1, 1), "f4"))):
    known.append(numpy_helper.from_array(value, name))
node = helper.make_node
nodes = [
    node("Gemm", ["loan", "0k", "0b"], ["h"]), node("Gelu", ["h"], ["g"]),
    node("Gemm", ["g", "1k", "1b"], ["s"]), node("Gemm", ["loan", "2k", "2b"], ["p"]),
    node("Add", ["s", "p"], ["score"]), node("Sub", ["limits", "score"], ["z"]),
    node("Sigmoid", ["z"], ["u"]), node("Concat", ["u", "all"], ["high"], axis=1),
    node("Concat", ["none", "u"], ["low"], axis=1), node("Sub", ["high", "low"], ["grades"]),
]
width = known[0].dims[0]
graph = helper.make_graph(
    nodes, "loan_grade",
    [helper.make_tensor_value_info("loan", TensorProto.FLOAT, [1, width])],
    [helper.make_tensor_value_info("grades", TensorProto.FLOAT, [1, 7])], known)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)
onnx.save(model, sys.argv[2])
"""


def main() -> None:
    """Convert, measure, print one row of a Markdown table per runtime."""
    models = FOLDER / "models"
    converted = models / "loan_grade.tflite"
    converted.write_bytes(_litert())
    onnx: list[str | Path] = [BENCH_PYTHON, "-c", _ONNX, NETWORK, models / "loan_grade.onnx"]
    subprocess.run(onnx, check=True)
    by_runtime: dict[str, list[dict[str, Any]]] = {name: [] for name in _RUNTIMES}
    for _ in range(ROUNDS):
        for name, answers in by_runtime.items():
            answers.append(_measured(name, models))
    expected = by_runtime["standard library"][0]["row"]
    sizes = json.loads((FOLDER / "installed" / "sizes.json").read_text())
    print("| runtime | cold ms | warm µs | unzipped MB | zipped MB | furthest probability |")
    print("|---|---:|---:|---:|---:|---:|")
    for name, answers in by_runtime.items():
        installed = INSTALLED[name]
        unzipped, zipped = sizes[installed] if installed else (0, 0)
        pairs = zip(answers[0]["row"], expected, strict=True)
        print(
            f"| {name} | {median(a['cold'] for a in answers):.0f} "
            f"| {median(a['warm'] for a in answers):.0f} | {unzipped / 1e6:.1f} "
            f"| {zipped / 1e6:.1f} | {max(abs(a - b) for a, b in pairs):.0e} |"
        )


def _litert() -> bytes:
    from model_training.loan_grade import rebuild

    model = rebuild.network_of(json.loads(NETWORK.read_bytes()))
    import tensorflow

    content = tensorflow.lite.TFLiteConverter.from_keras_model(model).convert()
    assert isinstance(content, bytes)
    return content


def _measured(name: str, models: Path) -> dict[str, Any]:
    script = _PREPARED + _RUNTIMES[name] + _TIMED
    folders = [str(PROJECT / "lambda_src")]
    if installed := INSTALLED[name]:
        folders.append(str(FOLDER / "installed" / installed))
    environ = {"PATH": os.defpath, "PYTHONPATH": os.pathsep.join(folders)}
    # Without site packages: what is measured is all that it can import.
    command = [sys.executable, "-S", "-c", script, str(time.time()), str(models)]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=True)
    answer = json.loads(done.stdout.splitlines()[-1])
    assert isinstance(answer, dict)
    return answer


if __name__ == "__main__":
    main()
