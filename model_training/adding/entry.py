"""The files of a service that was added: entry of the registry, recorded example, model folder."""

from __future__ import annotations

import json
import keyword
import re
import shutil
from pathlib import Path

from model_training.command_line import Refusal
from model_training.publishing import events

PROJECT = Path(__file__).resolve().parents[2]
_SERVICES = "stacks/config/services"
_MARK = "# Written by `make add`; `make remove` takes it back."
_ENTRY = '''"""{title}: {summary}"""

{mark}

from pathlib import Path

from stacks.config.model_service import ModelService, RestRoutes, Route

SERVICE = ModelService(
    name="{name}",
    stack_id="{stack_id}",
    summary={summary_quoted},
    model_folder=Path("model_training/{name}/trained"),
    endpoint=RestRoutes(
        routes=(
            Route(path="/{name}", methods=("GET", "POST")),
            Route(path="/", methods=("GET",)),
            Route(path="/openapi.json", methods=("GET",)),
        ),
    ),
    runtime="{runtime}",
    memory={memory},
    timeout={timeout},
    # What becomes of a number outside of the range seen in DATA: "answer", and the answer says so,
    # or "refuse"; `make add` again puts it into the model.
    outside_range="{outside}",
)
'''


class Service:
    """The places of a service's files in a checkout."""

    def __init__(self, name: str, project: Path = PROJECT) -> None:
        """Raises `Refusal` for a name that no service may have."""
        if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name) or keyword.iskeyword(name):
            raise Refusal(
                f"{name!r} is no name of a service; choose one of small letters, digits and single "
                "underscores that begins with a letter, like churn or loan_grade"
            )
        if len(name) > 40:
            raise Refusal(f"{name!r} has {len(name)} characters; choose a name of at most 40")
        self.name = name
        self.project = project
        self.entry = project / _SERVICES / f"{name}.py"
        self.example = project / "examples" / f"{name}.json"
        self.document = project / "docs" / "openapi" / f"{name}.json"
        self.folder = project / "model_training" / name
        self.report = project / "build" / "reports" / f"{name}.html"
        taken = (project / top / name / "__init__.py" for top in ("model_training", "lambda_src"))
        if not self.entry.is_file() and any(path.is_file() for path in taken):
            raise Refusal(f"{name!r} is a package of this project; choose another name")

    @property
    def model_folder(self) -> Path:
        """Where the model lies: where the entry reads it, if there is one."""
        if self.entry.is_file() and not self.is_added:
            return self.project / _model_folder(self.entry)
        return self.folder / "trained"

    @property
    def outside_range(self) -> str:
        """What the entry says becomes of a number outside of the range seen, if there is one."""
        text = self.entry.read_text(encoding="utf-8") if self.entry.is_file() else ""
        found = re.search(r"""^    outside_range=["'](\w+)["'],""", text, re.MULTILINE)
        policy = "answer" if found is None else found[1]
        if policy not in ("answer", "refuse"):
            raise Refusal(f'{self.entry}: outside_range is {policy!r}; say "answer" or "refuse"')
        return policy

    @property
    def is_added(self) -> bool:
        """Whether the entry is one that `write` wrote."""
        return self.entry.is_file() and _MARK in self.entry.read_text(encoding="utf-8")

    def write(self, *, summary: str, runtime: str, memory: int, timeout: int, body: str) -> None:
        """Write entry and example, unless the service has an entry that a person wrote."""
        if self.entry.is_file() and not self.is_added:
            return
        outside = self.outside_range
        words = self.name.split("_")
        text = _ENTRY.format(
            title=" ".join(words).capitalize(),
            mark=_MARK,
            name=self.name,
            stack_id="".join(word.capitalize() for word in words),
            summary=summary,
            summary_quoted=json.dumps(summary, ensure_ascii=False),
            runtime=runtime,
            memory=memory,
            timeout=timeout,
            outside=outside,
        )
        _put(self.entry, text)
        headers = {
            "Accept": "*/*",
            "Content-Type": (
                "application/json" if body[:1] in "[{" else "text/plain; charset=utf-8"
            ),
            "Host": events.HOST,
            "User-Agent": "curl/8.5.0",
        }
        event = events.post(f"/{self.name}", body, headers)
        _put(self.example, json.dumps(event, indent=1) + "\n")

    def remove(self) -> list[Path]:
        """Take back what adding the service has written; the files and folders that are gone.

        Raises `Refusal` where there is no such service, or a person wrote its entry.
        """
        if not self.entry.is_file():
            raise Refusal(f"there is no service {self.name!r}; make help lists what there is")
        if not self.is_added:
            raise Refusal(
                f"the entry of {self.name} ({self.entry.relative_to(self.project)}) was not "
                "written by make add; remove its files yourself, if that is what you mean"
            )
        gone = []
        for path in (self.entry, self.example, self.document, self.report):
            if path.is_file():
                path.unlink()
                gone.append(path)
        trained = self.folder / "trained"
        if trained.is_dir():
            shutil.rmtree(trained)
            gone.append(trained)
        if self.folder.is_dir() and not any(
            one for one in self.folder.iterdir() if one.name != "__pycache__"
        ):
            shutil.rmtree(self.folder)
        return gone


def _put(path: Path, text: str) -> None:
    """Write a file that differs; one that does not keeps its time."""
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def _model_folder(entry: Path) -> str:
    found = re.search(r'model_folder=Path\("([^"]+)"\)', entry.read_text(encoding="utf-8"))
    if found is None:
        raise Refusal(f"{entry} does not say where its model lies (model_folder=Path(…))")
    return found[1]
