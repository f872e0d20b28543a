"""What the Makefile refuses before it installs anything, and what a failure may leave behind."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import get_args

import pytest

from stacks.config.services import SERVICES
from stacks.config.stages import STAGES, TargetName
from stacks.packaging.layers.libraries import LIBRARIES
from tools import PROJECT

ONE_SERVICE = ("demo", "serve", "invoke", "train", "bench", "synth", "deploy", "destroy")
# Makes a folder with itself as its python; fails to install where a file `offline` lies about.
PYTHON = """#!/bin/sh
echo "$@" >> calls
case "$2" in
venv) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
pip) test ! -e offline ;;
esac
"""


# Hands command lines, one JSON list a line, to their modules' parsers, and says what they refuse.
PARSE = """
import argparse, contextlib, io, json, runpy, sys

whole = argparse.ArgumentParser.parse_args

def parsed(parser, *arguments, **options):
    whole(parser, *arguments, **options)
    sys.exit(0)

argparse.ArgumentParser.parse_args = parsed
sys.path.insert(0, "")
for line in sys.stdin:
    module, *sys.argv[1:] = json.loads(line)
    said = io.StringIO()
    try:
        with contextlib.redirect_stderr(said):
            runpy.run_module(module, run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        if ended.code:
            print(module, *sys.argv[1:], said.getvalue().strip().splitlines()[-1:])
"""
# What each command is typed with in the documents.
TYPED = {
    **{
        command: ["SERVICE=spam_or_ham"]
        for command in (
            *("demo", "serve", "synth", "deploy", "destroy"),
            *("price", "status", "drift", "resume"),
        )
    },
    "invoke": ["SERVICE=loan_grade", "EVENT=examples/loan_grade.json"],
    "train": ["SERVICE=spam_or_ham"],
    "bench": ["SERVICE=loan_grade", "QUICK=1"],
    "score": ["SERVICE=spam_or_ham", "INPUT=rows.jsonl", "OUTPUT=scored", "KEEP=id", "FORM=csv"],
    "batch": ["SERVICE=spam_or_ham", "INPUT=rows.jsonl", "OUTPUT=scored", "STAGE=dev"],
    "add": ["NAME=churn", "MODEL=a.pkl b.pkl", "DATA=a.csv", "TARGET=b", "LABELS=0=no 1=yes"],
    "remove": ["NAME=churn"],
    "layers": ["RUNTIME=litert", "TARGET=here"],
    "logs": ["SERVICE=spam_or_ham", "FOLLOW=1"],
    "rollback": ["SERVICE=spam_or_ham", "TO=0123456789ab"],
    "restore": ["SERVICE=spam_or_ham", "MODEL_VERSION=0123456789ab"],
    "load": ["ARGS=--requests 20000"],
    "reliability": [],
    "judge": [],
}


def test_what_a_command_runs_takes_what_it_is_given() -> None:
    lines = {
        (found[1], *shlex.split(found[2]))
        for command, variables in TYPED.items()
        for found in re.finditer(
            r"\.venv/bin/python -m ((?:tools|stacks|model_training)[\w.]*)([^&|;)>\n]*)",
            make("--dry-run", command, *variables).stdout.replace("\\\n", " "),
        )
    }
    assert {"stacks.packaging.layers", "tools.local_aws", "tools.release"} <= {
        module for module, *_ in lines
    }
    finished = subprocess.run(
        [sys.executable, "-c", PARSE],
        input="\n".join(map(json.dumps, sorted(lines))),
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert finished.stdout == ""


def make(
    *arguments: str, folder: Path = PROJECT, **environ: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", *arguments],
        cwd=folder,
        # Named, so that make need not look for one that is new enough.
        env={"PATH": os.environ["PATH"], "PYTHON": "none", "KERAS_PYTHON": "none", **environ},
        capture_output=True,
        text=True,
        check=False,
    )


def refused(finished: subprocess.CompletedProcess[str]) -> str:
    """The one line that a command ends with."""
    assert finished.returncode != 0
    [line] = finished.stderr.splitlines()
    assert finished.stdout == "", "nothing was begun"
    return line


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A folder with the Makefile, a lock, and a Python that installs nothing."""
    shutil.copyfile(PROJECT / "Makefile", tmp_path / "Makefile")
    (tmp_path / "requirements.txt").touch()
    (tmp_path / "python").write_text(PYTHON)
    (tmp_path / "python").chmod(0o755)
    return tmp_path


@pytest.mark.parametrize("command", ONE_SERVICE)
def test_a_service_there_is_not_is_named_with_those_there_are(command: str) -> None:
    names = "|".join(sorted(service.name for service in SERVICES))
    for name in ("typo", "%", "clothes spam_or_ham"):
        line = refused(make("-n", command, SERVICE=name))
        said = f'There is no service "{name}": choose make {command} SERVICE='
        assert said in line
        if command not in ("train", "bench"):  # not every service has what these need
            assert f"{said}{names}." in line


@pytest.mark.parametrize("command", ONE_SERVICE)
def test_a_service_there_is_is_not_refused(command: str) -> None:
    for name in ("", "clothes", "spam_or_ham"):
        assert make("-n", command, SERVICE=name).returncode == 0


@pytest.mark.parametrize("command", ["score", "batch"])
def test_a_job_is_told_whose_rows_and_where_to(command: str) -> None:
    said = f"Say which service, which rows, and where to: make {command} SERVICE="
    whole = {"SERVICE": "spam_or_ham", "INPUT": "a.jsonl b.csv", "OUTPUT": "out"}
    for missing in whole:
        given = {name: value for name, value in whole.items() if name != missing}
        assert said in refused(make("-n", command, **given))
    assert make("-n", command, **whole).returncode == 0


def test_going_back_is_told_of_which_service_and_to_which_model() -> None:
    for command in ("rollback", "restore"):
        assert f"Say which service: make {command} SERVICE=" in refused(make("-n", command))
    assert "Say which model: make restore " in refused(make("-n", "restore", SERVICE="clothes"))
    assert make("-n", "rollback", SERVICE="clothes").returncode == 0
    assert make("-n", "restore", SERVICE="clothes", MODEL_VERSION="0").returncode == 0


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_port_there_is_not_is_named(command: str) -> None:
    for port in ("80808", "-1", "+80", "http", "1 2"):
        line = refused(make("-n", command, PORT=port))
        assert f'There is no port "{port}": choose PORT=1 to 65535' in line
    for port in ("", "0", "4600"):
        assert make("-n", command, PORT=port).returncode == 0


@pytest.mark.parametrize(
    ("variable", "command", "names"),
    [
        ("STAGE", "synth", STAGES),
        ("STAGE", "deploy", STAGES),
        ("STAGE", "destroy", STAGES),
        ("RUNTIME", "layers", LIBRARIES),
        ("TARGET", "layers", get_args(TargetName)),
    ],
)
def test_what_a_variable_may_be_is_said_before_anything_is_installed(
    variable: str, command: str, names: Iterable[str]
) -> None:
    line = refused(make("-n", command, **{variable: "typo"}))
    choice = f"choose make {command} {variable}={'|'.join(sorted(names))}."
    assert f'There is no {variable.lower()} "typo": {choice}' in line
    for name in ("", *names):
        assert make("-n", command, **{variable: name}).returncode == 0


def test_what_is_not_in_the_repository_is_trained_and_nothing_else() -> None:
    """The registry's files say which: models kept with the sources are never made anew."""
    listed = make("-pn", "help").stdout
    [models] = re.findall(r"^MODELS := (.*)$", listed, re.MULTILINE)
    made = {Path(name).parent for name in models.split()}
    assert made == {s.model_folder for s in SERVICES if s.model_folder.parts[0] == "build"}


def test_a_service_that_is_typed_is_one_whatever_the_command() -> None:
    line = refused(make("-n", "test", "SERVICE=typo"))
    assert 'There is no service "typo": there are breast_cancer|' in line
    assert make("-n", "test", "SERVICE=clothes").returncode == 0


def test_other_commands_do_not_mind_such_variables() -> None:
    """The environment may hold them for something else."""
    elsewhere = {"SERVICE": "web", "PORT": "tcp://10.0.0.1:80", "STAGE": "qa", "TARGET": "armv7"}
    assert make("-n", "help", **elsewhere).returncode == 0
    assert make("-n", "test", **elsewhere).returncode == 0


def test_what_a_failure_has_left_is_made_anew(tree: Path) -> None:
    build = (".venv/.built", f"PYTHON={tree / 'python'}")
    leftover = tree / ".venv" / "lib" / "half-a-package"
    leftover.parent.mkdir(parents=True)
    leftover.touch()
    (tree / "offline").touch()
    assert make(*build, folder=tree).returncode != 0
    assert not leftover.exists()
    assert (tree / ".venv/bin/python").exists(), "the failure comes after it"
    assert not (tree / ".venv/.built").exists()
    leftover.parent.mkdir(parents=True)
    leftover.touch()
    (tree / "offline").unlink()
    assert make(*build, folder=tree).returncode == 0
    assert (tree / ".venv/.built").exists()
    assert not leftover.exists()


def test_a_whole_environment_is_kept_and_a_failed_update_is_not_taken_for_one(tree: Path) -> None:
    build = (".venv/.built", f"PYTHON={tree / 'python'}")
    assert make(*build, folder=tree).returncode == 0
    installed = tree / ".venv" / "package"
    installed.touch()
    lock = tree / "requirements.txt"
    newer = (tree / ".venv/.built").stat().st_mtime + 5
    os.utime(lock, (newer, newer))
    (tree / "offline").touch()
    assert make(*build, folder=tree).returncode != 0
    assert installed.exists(), "an update needs no new folder"
    assert not (tree / ".venv/.built").exists()
    (tree / "offline").unlink()
    assert make(*build, folder=tree).returncode == 0
    assert not installed.exists(), "a failed one does"
    assert (tree / "calls").read_text().count("-m venv .venv") == 2


def test_every_environment_is_made_by_that_recipe() -> None:
    text = (PROJECT / "Makefile").read_text()
    assert text.count(" -m venv ") == 1
    assert re.findall(r"^(\S+):\n(?:\t.+\n)*\t.+ -m venv ", text, re.MULTILINE) == [
        "$(ENVIRONMENTS)"
    ]
    [made] = re.findall(r"^ENVIRONMENTS := ((?:.+\\\n)*.+)$", text, re.MULTILINE)
    locks = dict(re.findall(r"^(\S+/\.(?:built|tested)): (requirements\S+)", text, re.MULTILINE))
    assert sorted(locks) == sorted(made.replace("\\", "").split())
    assert all((PROJECT / lock).exists() for lock in locks.values())


def test_locking_without_uv_says_what_is_needed(tree: Path) -> None:
    programs = tree / "programs"
    programs.mkdir()
    for name in ("sh", "make"):
        path = shutil.which(name)
        assert path is not None
        (programs / name).symlink_to(path)
    finished = make("lock", folder=tree, PATH=str(programs))
    assert finished.returncode != 0
    assert finished.stdout.splitlines() == [
        "uv is needed to resolve and was not found (pip install uv, in an environment of its own)."
    ]


@pytest.mark.parametrize(
    ("set_before", "node_is_told"),
    [
        ("", "--v8-pool-size=1"),
        ("--trace-warnings", "--trace-warnings --v8-pool-size=1"),
        ("--v8-pool-size=3", "--v8-pool-size=3"),
    ],
)
def test_node_has_one_background_thread_unless_told_otherwise(
    set_before: str, node_is_told: str
) -> None:
    rule = "told: ; @node --eval 'console.log(process.env.NODE_OPTIONS)'"
    ran = subprocess.run(
        ["make", "--silent", "--eval", rule, "told"],
        cwd=PROJECT, env={**os.environ, "NODE_OPTIONS": set_before},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert ran.stdout.strip() == node_is_told
