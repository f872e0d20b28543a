"""Direct invocations, as the article's Lambda is tried: an event that is the question itself."""

from __future__ import annotations

from json import dumps, loads

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Handler = Callable[[object, object], dict[str, object]]

_ASKING = ("url", "instances")


class Direct:
    """A Lambda handler that answers HTTP events by `router` and others, `{"url": "https://..."}`,
    by what the body of the same question over HTTP would be.

    Where HTTP has a status, an invocation has none: what is refused is answered by
    `{"error": problem}`. Nothing is raised, because Lambda would hand the caller a stack trace.
    """

    def __init__(self, router: Handler, path: str) -> None:
        self._router = router
        self._path = path

    def __call__(self, event: object, context: object) -> dict[str, object]:
        """Answers one event; never raises."""
        if not isinstance(event, dict) or not event.keys() <= set(_ASKING) or not event:
            return self._router(event, context)
        event_of_question = {"httpMethod": "POST", "path": self._path, "body": dumps(event)}
        reply = self._router(event_of_question, context)
        answer: dict[str, object] = loads(str(reply["body"]))
        return answer if reply["statusCode"] == 200 else {"error": answer}
