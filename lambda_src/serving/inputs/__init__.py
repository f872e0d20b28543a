"""Input kinds: each module says how the body of a request becomes what a model predicts for.

Every kind reads its raw form where it has one, one JSON value, a list of them,
`{"instances": [...]}` and `{"inputs": [...]}`. The names of these modules are what `INPUT_KIND`
may hold; each has a class `Inputs`.
"""

from __future__ import annotations

from serving.http.problems import EMPTY_BODY, TOO_MANY_ITEMS, UNEXPECTED_JSON, Problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any, Literal, Protocol

    from serving.http.request import Request

    Form = Literal[
        "raw", "one", "list", "instances", "inputs", "dataframe_records", "dataframe_split.data",
        "row",
    ]  # fmt: skip

    class InputKind(Protocol):
        """What a service is handed to read requests with.

        `reads` and `answers` are media types, the usual one first, `json_types` those that are
        read as JSON; `noun` is what several inputs are called; `max_bytes` limits a body.
        """

        @property
        def reads(self) -> Sequence[str]: ...

        @property
        def answers(self) -> Sequence[str]: ...

        @property
        def json_types(self) -> Sequence[str]: ...

        @property
        def noun(self) -> str: ...

        @property
        def max_bytes(self) -> int: ...

        def configure(self, manifest: Mapping[str, Any], /) -> None:
            """Takes what the manifest says of inputs; raises `LoadError`."""

        def limits(self) -> dict[str, int | float]:
            """The largest request, by what is limited."""

        def read(self, request: Request, /) -> Received:
            """What a request asks about, as far as it can be read before the model is loaded."""

        def received(self, value: object, /) -> Received:
            """What a JSON value asks about; raises `Problem`."""

        def inputs(self, received: Received, request: Request, /) -> list[Any]:
            """What the model predicts for, in order; raises `Problem` naming the input at fault."""

        def golden(self, recorded: Any, /) -> Any:
            """A golden input as the manifest records it -> what the model predicts for."""

        def notes(self, inputs: Sequence[Any], /) -> dict[str, object]:
            """Members of the answer that say something of the inputs, none as a rule."""


_LISTS = ("instances", "inputs")


class Received:
    """The values of a request, not yet checked, and the form they came in."""

    __slots__ = ("form", "values")

    def __init__(self, values: list[Any], form: Form) -> None:
        self.values = values
        self.form = form

    def place(self, index: int) -> str:
        """Where in the body a value stands, as a refusal names it."""
        if self.form in ("raw", "one"):
            return "body"
        return f"body[{index}]" if self.form == "list" else f"{self.form}[{index}]"


def received_json(value: object, *, noun: str, most: int, forms: str) -> Received:
    """The values in one JSON value, which may be one input, a list or an object with a list.

    `noun` is what the inputs are called, `most` how many there may be, `forms` the sentence that
    says what to send. Raises `Problem` unexpected-json for an empty list, too-many-items.
    """
    form: Form = "one"
    if isinstance(value, list):
        form = "list"
    elif isinstance(value, dict) and len(value) == 1:
        (name,) = value
        if name in _LISTS:
            form, value = name, value[name]
            if not isinstance(value, list):
                raise Problem(UNEXPECTED_JSON, f'The member "{name}" is no list. {forms}')
    if not isinstance(value, list):
        return Received([value], "one")
    if not value:
        raise Problem(UNEXPECTED_JSON, f"The list is empty. {forms}")
    if len(value) > most:
        raise Problem(
            TOO_MANY_ITEMS,
            f"There are {len(value)} {noun} where {most} are allowed. Send several requests.",
        )
    return Received(value, form)


def not_blank(text: str, forms: str) -> str:
    """The text of a body. Raises `Problem` empty-body, with the sentence that says what to send."""
    if not text or text.isspace():
        raise Problem(EMPTY_BODY, f"The body is blank. {forms}")
    return text
