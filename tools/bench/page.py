"""A service's docs/benchmarks*.md, from one run's figures."""

from __future__ import annotations

from collections.abc import Mapping

from tools.bench import cost
from tools.bench.conditions import DELAY_MS, MEMORY_MB, SHARED
from tools.bench.cpu_share import FULL_PROCESSOR_MB
from tools.bench.page_parts import PARTS
from tools.bench.result import Figures

_TEMPLATE = """# Benchmarks{of_service}

Written by `make bench{argument}`; do not edit it by hand.
`make bench QUICK=1{argument}` takes about three minutes and writes no page. {others_pages}

{machine}.
{versions}.
{cold_rounds} fresh processes of each function, in turn, and {warm_rounds} of each for the warm
figures; every figure is a median, and between the quartiles lies the half of the measurements
nearest to it. The request's body is `{message}`.

![Cold start, warm call, memory and package size of each function]({picture})

{table}

{goals}

## Under other conditions
{other_rounds} fresh processes of each function under each, in turn.

{ratios}

{others}

- **Over TLS**, the headline's, is how Amazon's S3 is reached: HTTPS and nothing else. The chain is
  as long as Amazon's, of RSA keys of 2,048 bits, made for the run. Its root is added to the five
  that our package has, and for the others to the bundle of boto3. Chain and name are verified.
- **First byte after {delay} ms** is about what an S3 within one region takes to answer.
- **At the processor share of {memory} MB**: Lambda gives {full:,} MB one processor and less memory
  its part of one. Here each process has {how}.
  Where AWS gives an environment more of one while it starts, it starts sooner than said here.

## Where the time goes
Of {other_rounds} starts of ours over TLS, each step's median time since the process began. What a
thread does while another computes or waits takes longer than on its own; a step includes those that
lie within it.

{steps}

## What is compared
All functions run on one interpreter by AWS's own runtime client (`awslambdaric`), against a Runtime
API and an S3 on loopback. What AWS's runtime brings along (the client and boto3) belongs to no
package. No function can write byte code, as in Lambda.

- **no-op**: a handler that returns a constant. Nothing can start faster.
- **ours**: the files that the stack packages, with byte code for the interpreter that runs them;
  **without byte code** is what is packaged where that interpreter is not at hand.
{peers}
Cold is from the start of the process to its first answer, init to its first request for work. Warm
is the handler call itself, timed inside the process; the runtime client adds {overhead:.2f} ms to
each request, measured with the no-op. Answers per second are those of one environment, one request
after the other. Memory is the most the process ever used (VmHWM).

Dollars per million requests = {formula}. One request in a hundred is taken to be cold, and every
function to have 512 MB and, other than on AWS, a whole processor: compare them, do not budget with
them. {gateway}

## Answers
{answers}{orientation}"""

_ORIENTATION = """
## Elsewhere, for orientation
What others have published of Lambda itself. None of it was measured here, and none is mixed with
the figures above: those begin with the process, these are AWS's init or include its placing of it.

| what | figure | source, date |
| --- | --- | --- |
| Python handler of the standard library alone, 512 MB | init 83 ms, the median of 5 | [robot.wtf, E-1](https://dev.robot.wtf/Dev/E-1_Cold_Start_Benchmarks), 2026-03-14 |
| Flask application with numpy and faiss, 180 MB, 512 MB of memory | init 4,478 ms, the median of 5 | the same |
| Node.js 18, package size 1, 4,096 and 65,536 | init 171, 280 and 3,110 ms, means of 100 | [A. Tanasa](https://gist.github.com/adriantanasa/d9cb9f7313f985f180c0aec98e482f2b), 2023-09-18 |
"""  # noqa: E501 - rows of a table


_SECOND = (
    "Those of the other services are in [breast_cancer](benchmarks-breast_cancer.md) and "
    "[loan_grade](benchmarks-loan_grade.md); from which size of an input on scikit-learn "
    "overtakes, [here](benchmarks-crossings.md)."
)
_FIRST = "The first service's are in [spam_or_ham](benchmarks.md)."


def _peers(template: str, figures: Figures) -> str:
    """What the peers are; `figures["onnx"]` is empty where ONNX is none of them."""
    onnx = figures["onnx"]
    return template.format(
        onnx_texts=onnx.get("texts"),
        onnx_labels=onnx.get("label_mismatches"),
        onnx_far=onnx.get("beyond_1e_4"),
        onnx_max=onnx.get("max_abs_diff"),
        article_size=f"{figures['functions']['article']['unzipped_bytes'] / 1e6:.0f} MB",
    )


def markdown(head: tuple[str, ...], lines: list[tuple[str, ...]]) -> str:
    rule = ("---", *["---:"] * (len(head) - 1))
    return "\n".join("| " + " | ".join(line) + " |" for line in (head, rule, *lines))


def text(
    figures: Figures, tables: Mapping[str, str], machine: str, versions: str, picture: str
) -> str:
    """The page's Markdown; `picture` is the file with the chart, beside it."""
    service = figures["service"]
    peers, gateway, answer_parts = PARTS[service]
    first = service == "spam_or_ham"
    return _TEMPLATE.format(
        **tables,
        of_service="" if first else f": {service}",
        argument="" if first else f" SERVICE={service}",
        others_pages=_SECOND if first else _FIRST,
        picture=picture,
        peers=_peers(peers, figures),
        gateway=gateway,
        answers=answer_parts.format(
            parity_texts=figures["parity_texts"],
            mismatches=figures["parity_label_mismatches"],
            distance=figures["parity_max_abs_diff"],
        ),
        machine=machine,
        versions=versions,
        cold_rounds=figures["cold_rounds"],
        other_rounds=figures["other_rounds"],
        warm_rounds=figures["warm_rounds"],
        message=figures["message"],
        overhead=figures["client_overhead_ms"],
        formula=cost.FORMULA,
        orientation=_ORIENTATION if first else "",
        delay=DELAY_MS,
        memory=MEMORY_MB,
        full=FULL_PROCESSOR_MB,
        how=figures[SHARED]["how"],
    )
