"""The schemas of what spam-or-ham reads and answers."""

from __future__ import annotations

from spam_or_ham import forms
from spam_or_ham.texts import MAX_BYTES, MAX_TEXTS

from tools.openapi import parts, problems
from tools.openapi.parts import PROBABILITIES, Json, closed, list_of, ref

_LABEL = {"type": "string", "examples": ["spam"]}


_TEXTS = list_of(ref("Text"), minItems=1, maxItems=MAX_TEXTS)

REQUEST: Json = {
    "Text": {
        "description": "A text with something in it besides white space.",
        "type": "string",
        "minLength": 1,
        "pattern": r"\S",
    },
    "Form": closed({forms.FIELD: ref("Text")}, additionalProperties=False),
    "Texts": {
        # The limit is one of bytes and of the whole body: no maxLength of a text would say it.
        "description": f"One text or up to {MAX_TEXTS}, answered in order. The whole body has "
        f"at most {MAX_BYTES} bytes.",
        "oneOf": [
            ref("Text"),
            _TEXTS,
            closed({"instances": _TEXTS}, additionalProperties=False),
            closed({"inputs": _TEXTS}, additionalProperties=False),
        ],
    },
}

_EXPLANATION = closed(
    {
        "label": {"type": "string", "description": "What positive contributions speak for."},
        "against": {"type": "string", "description": "What negative contributions speak for."},
        "log_odds": {
            "type": "number",
            "description": "The natural logarithm of the odds of `label` over `against`: `prior` "
            "and all contributions add up to it.",
        },
        "prior": {"type": "number", "description": "The log-odds of a text without tokens."},
        "tokens": list_of(
            closed(
                {
                    "token": {"type": "string"},
                    "contribution": {"type": "number"},
                    "count": {"type": "integer", "minimum": 1},
                }
            ),
            description="The weightiest first.",
        ),
    }
)

ANSWER: Json = {
    "Model": parts.model("spam_or_ham"),
    "Explanation": _EXPLANATION,
    "Answer": closed(
        {
            "predictions": list_of(_LABEL, description="A label for each text, in order."),
            "probabilities": list_of(
                PROBABILITIES,
                description="For each text the probability of every label; they sum to 1.",
            ),
            "model": ref("Model"),
            "explanations": list_of(
                ref("Explanation"), description="For each text, where `explain=true` asks for it."
            ),
        },
        optional=("explanations",),
    ),
    "Description": closed(
        {
            "model": ref("Model"),
            "labels": list_of({"type": "string"}),
            "recipe": {"type": "string", "description": "How it was trained."},
            "runtime": {"type": "string", "description": "What evaluates it."},
            "normalisation": {
                "type": ["string", "null"],
                "description": "What is done to a text before it is read, or null.",
            },
            **parts.TRAINING,
            "limits": closed(
                {"body_bytes": {"const": MAX_BYTES}, "texts": {"const": MAX_TEXTS}},
                description="Of one request.",
            ),
            **parts.MEDIA,
        }
    ),
    "Problem": problems.SCHEMA,
}
