"""`make batch`: a job of Step Functions, on AWS or on the local AWS, followed to its end."""

from __future__ import annotations

import contextlib
import hashlib
import json
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from batch.errors import Refused
from batch.job import MANIFEST

from tools.batch.bucket import Objects, Target, bring_back, put_back, uploaded
from tools.batch.embedded import entry, published
from tools.batch.folder import held
from tools.batch.options import Options
from tools.batch.progress import Progress, summary
from tools.batch.targets import local_target, stage_target

Json = dict[str, Any]
_POLL_SECONDS = 1.0


def run(
    service_name: str, inputs: list[str], output: str, options: Options, *, stage: str = ""
) -> Json:
    """Scores rows of files or of S3 into a folder or a prefix, or goes on with it; prints how far
    it is and what it came to. Raises `Refused`, `LocalRunFailed`.

    `stage` names one on AWS; without it the job runs on the local AWS, which is started unless one
    runs that has the service's batch.
    """
    service = entry(service_name)
    model = published(service)
    with stage_target(service, stage) if stage else local_target(service, _say) as target:
        if output.startswith("s3://"):
            job = Job(target, uploaded(target, inputs, _say), output.rstrip("/") + "/", options)
            manifest = job.follow()
        else:
            manifest = _into_folder(target, inputs, Path(output), options, model.version)
    print(summary(manifest, output))
    return manifest


def _say(line: str) -> None:
    print(f"  · {line}", flush=True)


def _into_folder(
    target: Target, inputs: list[str], output: Path, options: Options, version: str
) -> Json:
    """Runs a job whose results are brought into a folder, also those of one that is stopped."""
    addresses = uploaded(target, inputs, _say)
    asked: Json = {
        "service": target.service,
        "model_version": version,
        "inputs": addresses,
        "options": options.of_job(several=len(addresses) > 1),
    }
    # By what is asked for and where to, so that the same command finds what it has begun.
    digest = hashlib.sha256(json.dumps([asked, str(output.resolve())]).encode()).hexdigest()[:16]
    with held(output, asked) as folder:
        content = folder.read(MANIFEST)
        if content is not None:
            done: Json = json.loads(content)
            return done
        job = Job(target, addresses, f"{target.output_url}{digest}/", options)
        put_back(target, job.output, folder)
        try:
            manifest = job.follow()
        finally:
            bring_back(target, job.output, folder)
        return manifest


class Job:
    """A job of a service's state machine: `inputs` and `output` are s3:// addresses."""

    def __init__(self, target: Target, inputs: list[str], output: str, options: Options) -> None:
        self.target = target
        self.inputs = inputs
        self.output = output
        self._options = options
        self.execution = ""

    def start(self) -> None:
        """Starts it."""
        asked = {
            "inputs": self.inputs, "output": self.output,
            "options": {
                "keep": list(self._options.keep), "form": self._options.form,
                "range_bytes": self._options.range_bytes,
            },
        }  # fmt: skip
        started = self.target.states.start_execution(
            stateMachineArn=self.target.machine, name=uuid.uuid4().hex, input=json.dumps(asked)
        )
        self.execution = started["executionArn"]

    def follow(self) -> Json:
        """Starts it, shows how far it is, and returns its manifest; a job that is interrupted is
        stopped. Raises `Refused` with the reason of one that failed."""
        self.start()
        try:
            described = self._ended()
        except BaseException:
            with contextlib.suppress(Exception):
                self.target.states.stop_execution(executionArn=self.execution)
            raise
        if described["status"] != "SUCCEEDED":
            raise Refused(self._reason(described))
        bucket = Objects(self.target.s3, self.output)
        manifest: Json = json.loads(bucket.read(MANIFEST) or b"{}")
        return manifest

    def _ended(self) -> Json:
        progress: Progress | None = None
        while True:
            described: Json = self.target.states.describe_execution(executionArn=self.execution)
            counts = self.counts()
            if counts is not None:
                progress = progress or Progress(counts["total"])
                progress.show(counts["succeeded"])
            if described["status"] != "RUNNING":
                return described
            time.sleep(_POLL_SECONDS)

    def counts(self) -> Json | None:
        """How many ranges there are and in which state; None before the map has begun."""
        states = self.target.states
        runs = states.list_map_runs(executionArn=self.execution)["mapRuns"]
        if not runs:
            return None
        # A job whose ranges need more than one pass has several.
        last = max(runs, key=lambda one: one["startDate"])
        counts: Json = states.describe_map_run(mapRunArn=last["mapRunArn"])["itemCounts"]
        return counts if counts["total"] else None

    def _reason(self, described: Json) -> str:
        """Why it failed: a function's own sentence where there is one."""
        for error, cause in ((described.get("error"), described.get("cause")), *self._children()):
            if error in ("Refused", "InputChanged") and cause:
                return str(cause)
        said = f"{described.get('error', 'no error')}: {(described.get('cause') or '')[:200]}"
        return (
            f"The job ended as {described['status']} ({said}). The logs of its functions say more. "
            "The same command goes on where it has stopped."
        )

    def _children(self) -> Iterator[tuple[str | None, str | None]]:
        """Error and cause of a child of the map that failed."""
        states = self.target.states
        # Of children that are express workflows AWS keeps no list.
        with contextlib.suppress(Exception):
            for one in states.list_map_runs(executionArn=self.execution)["mapRuns"]:
                failed = states.list_executions(
                    mapRunArn=one["mapRunArn"], statusFilter="FAILED", maxResults=1
                )
                for child in failed["executions"]:
                    arn = child["executionArn"]
                    child_described = states.describe_execution(executionArn=arn)
                    yield child_described.get("error"), child_described.get("cause")
