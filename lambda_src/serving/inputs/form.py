"""Forms (application/x-www-form-urlencoded), told from texts that are only declared as one."""

from __future__ import annotations

import re
from binascii import a2b_hex

from serving.http.problems import Problem, ProblemType

FIELD = "text"
"""The one field of a form: its value is the text."""

UNEXPECTED_FORM = ProblemType("unexpected-form", 400, "The form is not one this service reads")

# A name in the characters that encoders leave or write, then anything that is ASCII and shows: a
# sentence has spaces, and the address of a page has other marks before its first equals sign.
# Nothing is tried twice.
_FORM = r"((?:[A-Za-z0-9*+._~!'()\[\]-]|%[0-9A-Fa-f]{2})++)=([!-~]*+)"
_ENCODED = r"[^%&]*+(?:%[0-9A-Fa-f]{2}[^%&]*+)*+"


def text_of(body: str) -> bytes | None:
    """The bytes of the field `FIELD`, the form's only one; None where the body is no form.

    Raises `Problem` unexpected-form for other fields, for several, and for a value with a percent
    or ampersand sign that is not encoded.
    """
    form = re.fullmatch(_FORM, body)
    if form is None:
        return None
    name, value = form.groups()
    if name != FIELD or re.fullmatch(_ENCODED, value) is None:
        raise Problem(
            UNEXPECTED_FORM,
            f"The body looks like a form, and not like one field named {FIELD} with its value "
            f"percent-encoded. Send {FIELD}=value so encoded, or the text itself as text/plain, or "
            "several as a list in application/json.",
        )
    first, *rest = value.replace("+", " ").encode().split(b"%")
    return b"".join([first, *(a2b_hex(part[:2]) + part[2:] for part in rest)])
