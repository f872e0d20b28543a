"""docs/benchmarks.md, from one run's figures."""

from __future__ import annotations

from tests.bench import cost
from tests.bench.result import Figures

_TEMPLATE = """# Benchmarks

Written by `make bench`; do not edit it by hand. `make bench QUICK=1` takes about two minutes.

{machine}.
{versions}.
{cold_rounds} fresh processes of each function, in turn, and {warm_rounds} of each for the warm
figures; every figure is a median. The message is "{message}".

![Cold start, warm call, memory and package size of each function](benchmarks.svg)

{table}

{goals}

## What is compared
All functions run on one interpreter by AWS's own runtime client (`awslambdaric`), against a Runtime
API and an S3 on loopback. What AWS's runtime brings along (the client and boto3) belongs to no
package. No function can write byte code, as in Lambda.

- **no-op**: a handler that returns a constant. Nothing can start faster.
- **ours**: the files that the stack packages, with byte code for the interpreter that runs them;
  **without byte code** is what is packaged where that interpreter is not at hand.
- **ONNX Runtime**: our pair converted by skl2onnx, pruned and byte-compiled. Its tokenizer has no
  look-around and does not know the pattern of our recipe, so its answers differ: over
  {onnx_texts:,} messages {onnx_labels} label(s), {onnx_far} probabilities by more than 0.0001, the
  furthest by {onnx_max:.3f}.
- **tuned scikit-learn**: our pair as plain pickles, sparse rows, no validation, one boto3 client,
  the objects fetched while scikit-learn is imported, packages pruned and byte-compiled.
- **the article's handler**: joblib files through a boto3 resource, GaussianNB on a dense array, its
  own recipe, packages as pip installs them. With byte code they are {article_size}, beyond Lambda's
  250 MB for zip packages; without it, it would start even later.

Cold is from the start of the process to its first answer, init to its first request for work. Warm
is the handler call itself, timed inside the process; the runtime client adds {overhead:.2f} ms to
each request, measured with the no-op. Answers per second are those of one environment, one request
after the other. Memory is the most the process ever used (VmHWM).

Dollars per million requests = {formula}. One request in a hundred is taken to be cold, and every
function to have 512 MB and, other than on AWS, a whole processor: compare them, do not budget with
them. A REST API adds $3.50 per million, the same for all.

## Answers
Over {parity_texts:,} texts (the corpus, and generated ones: random Unicode, empty, repeated,
unknown and very long) {mismatches} labels differ from scikit-learn's, and no probability by more
than {distance:.1e}.
"""


def _markdown(head: tuple[str, ...], lines: list[tuple[str, ...]]) -> str:
    rule = ("---", *["---:"] * (len(head) - 1))
    return "\n".join("| " + " | ".join(line) + " |" for line in (head, rule, *lines))


def text(
    figures: Figures,
    columns: tuple[str, ...],
    rows: list[tuple[str, ...]],
    goals: list[tuple[str, ...]],
    machine: str,
    versions: str,
) -> str:
    """The page's Markdown."""
    onnx = figures["onnx"]
    return _TEMPLATE.format(
        machine=machine,
        versions=versions,
        cold_rounds=figures["cold_rounds"],
        warm_rounds=figures["warm_rounds"],
        message=figures["message"],
        table=_markdown(columns, rows),
        goals=_markdown(("goal", "asked for", "measured", ""), goals),
        onnx_texts=onnx["texts"],
        onnx_labels=onnx["label_mismatches"],
        onnx_far=onnx["beyond_1e_4"],
        onnx_max=onnx["max_abs_diff"],
        article_size=f"{figures['functions']['article']['unzipped_bytes'] / 1e6:.0f} MB",
        overhead=figures["client_overhead_ms"],
        formula=cost.FORMULA,
        parity_texts=figures["parity_texts"],
        mismatches=figures["parity_label_mismatches"],
        distance=figures["parity_max_abs_diff"],
    )
