"""A handler around ours that says when each step of its start began and ended.

Copied into the benchmark's runtime, not into a package; needs nothing but the standard library. It
wraps our functions as their modules are imported: a name that is gone ends the benchmark.
"""

import importlib
import os
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

clock = time.perf_counter
_marks: list[tuple[str, str, float, float]] = [("the client is there", "main", clock(), clock())]


def _mark(step: str, started: float) -> None:
    thread = "main" if threading.current_thread() is threading.main_thread() else "fetch"
    _marks.append((step, thread, started, clock()))


def _timed(owner: Any, name: str, step: str) -> None:
    function = getattr(owner, name)

    def wrapped(*arguments: Any, **options: Any) -> Any:
        started = clock()
        try:
            return function(*arguments, **options)
        finally:
            _mark(step, started)

    setattr(owner, name, wrapped)


def _of_reader(module: Any) -> None:
    _timed(module, "reader", "import of what reads")
    _timed(module, "fetch", "fetch in all")


def _of_s3(module: Any) -> None:
    _timed(module, "trust", "TLS context and roots")


def _of_connection(module: Any) -> None:
    _timed(module, "_connected", "connection")
    _timed(module._Connection, "_handshake", "TLS handshake")


def _of_loader(module: Any) -> None:
    loader = module.ModelLoader
    _timed(loader, "_load", "load in all")
    initialise = loader.__init__

    def wrapped(self: Any, prepare: Callable[[], Any], *arguments: Any) -> None:
        def prepared() -> Any:
            started = clock()
            build = prepare()
            _mark("import of the runtime", started)
            return build

        initialise(self, prepared, *arguments)

    loader.__init__ = wrapped


def _of_service(module: Any) -> None:
    _timed(module.ModelService, "_keep", "build in all")
    _timed(module, "check_golden", "golden answers")


def _of_model(module: Any) -> None:
    _timed(module, "loads", "unpickling")
    _timed(module, "read_in_order", "compiling")


_WRAPPED: dict[str, Callable[[Any], None]] = {
    "serving.loading.artifacts": _of_reader,
    "serving.loading.http_get": _of_connection,
    "serving.loading.s3": _of_s3,
    "serving.loading.model_loader": _of_loader,
    "serving.service": _of_service,
    "portable.model": _of_model,
}

_module, _, _name = os.environ["TIMED_HANDLER"].rpartition(".")
# The service's package has the loader of byte code, which finds all other modules.
importlib.import_module(_module.partition(".")[0])
_loader: Any = sys.meta_path[0]
_execute = _loader.exec_module


def _execute_and_wrap(module: Any) -> None:
    _execute(module)
    if module.__name__ in _WRAPPED:
        _WRAPPED[module.__name__](module)


_loader.exec_module = _execute_and_wrap
_started = clock()
_handler = getattr(importlib.import_module(_module), _name)
_mark("start of the handler in all", _started)


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """The marks: (step, thread, began, ended) by the clock that all processes here share."""
    started = clock()
    answer = _handler(event, context)
    _mark("first answer", started)
    return {"marks": _marks, "answer": answer}
