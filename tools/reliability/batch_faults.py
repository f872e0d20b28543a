"""A batch job through the real state machine while workers are killed, S3 fails, and it is stopped.

Its answers are compared with those of `make score` on the same files, which has no such troubles.
"""

from __future__ import annotations

import json
import os
import random
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from batch.plan import address

from stacks.config.services.spam_or_ham import SERVICE
from tools import PROJECT
from tools.batch.bucket import Objects, Target, uploaded
from tools.batch.options import Options
from tools.batch.run import Job
from tools.batch.score import score
from tools.batch.targets import local_client, target
from tools.local_aws.emulator import free_port
from tools.local_aws.session import LocalServices, local_services
from tools.local_aws.small_model import HAM, SPAM
from tools.reliability import small_objects
from tools.reliability.faulty_s3 import FaultyS3

Facts = dict[str, Any]
OPTIONS = Options(range_bytes=1 << 20)
OUTAGE_SECONDS = 30.0
_KILLS = 6


def run(*, rows: int, objects: int) -> Facts:
    """The facts of one job of so many rows with every fault, and of a plan of so many objects."""
    with tempfile.TemporaryDirectory(prefix="batch-faults-") as scratch, FaultyS3() as s3:
        folder = Path(scratch)
        bad = write_inputs(folder / "inputs", rows)
        port = free_port()
        s3.forward_to(port)
        with local_services(
            port=port, logs=PROJECT / "build" / "logs" / "batch-faults",
            say=lambda line: print(f"  · {line}", flush=True),
            context={"service": SERVICE.name, f"batch:{SERVICE.name}": "yes"},
            variables={"AWS_ENDPOINT_URL_S3": s3.url},
        ) as local:  # fmt: skip
            outputs = next(o for o in local.deployment.outputs.values() if "BatchMachine" in o)
            there = target(SERVICE, outputs, local_client(local.emulator.url))
            facts = _job(local, there, folder / "inputs", s3)
            results = Objects(there.s3, f"{there.output_url}faults/")
            answers = [json.loads(line) for line in _lines(results, "part-")]
            errors = [json.loads(line) for line in _lines(results, "errors-")]
            bucket, prefix = address(f"{there.input_url}small/")
            facts |= small_objects.planned(there.s3, bucket, prefix, objects)
        scored = folder / "scored"
        score(SERVICE.name, [str(folder / "inputs")], str(scored), OPTIONS)
        facts |= _compared(answers, errors, bad, rows, scored)
    return facts


def complaints(facts: Facts) -> list[str]:
    """What went wrong, a sentence each."""
    said = []
    for name in ("lost", "doubled", "bad_rows_unnamed", "good_rows_refused", "differing"):
        if facts[name]:
            said.append(f"batch: {facts[name]} rows are {name.replace('_', ' ')}")
    if not facts["kills"] or not facts["refused_by_s3"] or not facts["stopped_at"]:
        said.append("batch: a fault was not met, so nothing is shown of it")
    return said + small_objects.complaints(facts)


def write_inputs(folder: Path, rows: int) -> int:
    """Files of so many good rows and some bad ones; returns how many these are.

    One file is without a last line end and has, about once in ten ranges, a line that is broken;
    and one of 10 MB. Others are empty, or of UTF-16.
    """
    folder.mkdir(parents=True)
    generator = random.Random(15)  # noqa: S311 - the same rows every time
    bad = 0
    written = broken_at = 0
    with (folder / "messages.jsonl").open("w", encoding="utf-8") as file:
        for number in range(rows):
            text = " ".join(generator.choices((*SPAM, *HAM), k=generator.randint(3, 30)))
            line = json.dumps({"id": f"m{number}", "text": f"{text} {number}"})
            written += len(line) + 1
            if written - broken_at > 10 * OPTIONS.range_bytes or number == 5:
                file.write('{"id": "broken", "text": \n')
                bad, broken_at = bad + 1, written
            if number == rows // 2:
                file.write(json.dumps("x" * (10 << 20)) + "\n")
                bad += 1
            file.write(line + ("\n" if number < rows - 1 else ""))
    (folder / "empty.jsonl").touch()
    (folder / "header.csv").write_text("id,text\n")
    utf_16 = "".join(f"message {number} é\n" for number in range(10)).encode("utf-16-le")
    (folder / "utf16.jsonl").write_bytes(utf_16)
    # Every line of it but the last, which is the high half of a line end.
    return bad + len(utf_16.split(b"\n"))


def _job(local: LocalServices, there: Target, inputs: Path, s3: FaultyS3) -> Facts:
    """Runs the job: workers are killed, S3 is out of order for a while, and it is stopped when
    half of it is done, and run again."""
    addresses = uploaded(there, [str(inputs)], lambda _: None)
    output = f"{there.output_url}faults/"
    started = time.monotonic()
    killed: list[int] = []
    ended = threading.Event()
    killer = threading.Thread(target=_kill_workers, args=(local, killed, ended))
    killer.start()
    first = Job(there, addresses, output, OPTIONS)
    first.start()
    _until(lambda: _done(first) >= 2)
    s3.fail_for(OUTAGE_SECONDS)
    _until(lambda: _done(first) >= _total(first) // 2)
    stopped_at = _done(first)
    there.states.stop_execution(executionArn=first.execution)
    manifest = Job(there, addresses, output, OPTIONS).follow()
    ended.set()
    killer.join()
    return {
        "seconds": round(time.monotonic() - started, 1), "ranges": manifest["ranges"],
        "kills": len(killed), "outage_seconds": OUTAGE_SECONDS, "refused_by_s3": s3.refused,
        "stopped_at": stopped_at, "rows": manifest["rows"], "errors": manifest["errors"],
        "dollars": manifest["dollars"],
    }  # fmt: skip


def _until(holds: Callable[[], bool], seconds: float = 1800) -> None:
    until = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > until:
            raise TimeoutError("the job does not get on")
        time.sleep(0.2)


def _done(job: Job) -> int:
    return int((job.counts() or {"succeeded": 0})["succeeded"])


def _total(job: Job) -> int:
    return int((job.counts() or {"total": 1 << 30})["total"])


def _kill_workers(local: LocalServices, killed: list[int], ended: threading.Event) -> None:
    """Kills, now and then, a process in which the local AWS runs the worker."""
    while len(killed) < _KILLS and not ended.wait(6.0):
        for pid in _workers(local.emulator.pid or 0):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                killed.append(pid)
            break


def _workers(parent: int) -> Iterator[int]:
    """Those children of the emulator that have the worker's variables."""
    for entry in Path("/proc").iterdir():
        with suppress(OSError, ValueError):
            pid = int(entry.name)
            status = (entry / "stat").read_text().rpartition(")")[2].split()
            variables = (entry / "environ").read_bytes()
            if int(status[1]) == parent and b"SERVICE_HANDLER=" in variables:
                yield pid


def _lines(results: Objects, prefix: str) -> Iterator[str]:
    for name in results.names(prefix):
        yield from (results.read(name) or b"").decode().splitlines()


def _compared(
    answers: list[Facts], errors: list[Facts], bad: int, rows: int, scored: Path
) -> Facts:
    ids = [answer["id"] for answer in answers]
    there = [json.loads(line) for file in sorted(scored.glob("part-*"))
             for line in file.read_text().splitlines()]  # fmt: skip
    by_id = {one["id"]: one for one in there}
    differing = sum(
        (by_id.get(answer["id"], {}).get(name) != answer.get(name))
        for answer in answers
        for name in ("prediction", "probabilities", "model_version")
    )
    return {
        "lost": rows - len(set(ids)), "doubled": len(ids) - len(set(ids)),
        "bad_rows_unnamed": bad - len(errors), "good_rows_refused": max(0, len(errors) - bad),
        "differing": differing,
    }  # fmt: skip
