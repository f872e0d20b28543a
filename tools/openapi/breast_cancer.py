"""What breast-cancer words as its article does: answers to an object or a list, and refusals."""

from __future__ import annotations

from serving.http.media_types import JSON

from tools.openapi.parts import PROBABILITIES, Json, closed, list_of, ref


def amend(document: Json) -> None:
    """Adds the article's shapes to a document."""
    schemas = document["components"]["schemas"]
    envelope = schemas["Answer"]
    predicted = envelope["properties"]["predictions"]["items"]["enum"]
    class_ = {"type": "integer", "minimum": 0, "exclusiveMaximum": len(predicted)}
    schemas["Envelope"] = {**envelope, "title": "Envelope"}
    told: Json = {}
    if "Explanation" in schemas:
        told = {
            "explanation": _one_or_list(ref("Explanation"), "Where `explain=true` asks for it.")
        }
    schemas["ArticleAnswer"] = closed(
        {
            "reason": {"const": "OK"},
            "prediction": _one_or_list(class_, "1 is malignant; a list where one was sent."),
            "label": _one_or_list({"enum": predicted}, "The prediction in words."),
            "probability": _one_or_list({"type": "number"}, "Of that label."),
            "probabilities": _one_or_list(PROBABILITIES, "Of each label."),
            **told,
            "status": {"const": "200"},
            "model": ref("Model"),
        },
        optional=tuple(told),
        title="ArticleAnswer",
    )
    schemas["Answer"] = {
        "title": "Answer",
        "description": "The article's members for an object or a list of them; the usual envelope "
        "for `instances` and `inputs`.",
        "anyOf": [ref("ArticleAnswer"), ref("Envelope")],
    }
    schemas["Refusal"] = closed(
        {
            "reason": {"type": "string", "description": "What was wrong and what to do about it."},
            "prediction": {"const": ""},
            "status": {"type": "string", "description": "The HTTP status once more."},
        },
        title="Refusal",
    )
    del schemas["Problem"]
    for response in document["components"]["responses"].values():
        (content,) = response["content"].values()
        status = content["schema"]["properties"]["status"]["const"]
        response["content"] = {
            JSON: {
                "schema": {
                    "allOf": [ref("Refusal")],
                    "properties": {"status": {"const": str(status)}},
                }
            }
        }
    document["info"]["description"] = (
        "A demonstration and no medical device. Measurements are never logged. Errors have the "
        "shape of the original service; other methods are answered 405 with Allow."
    )


def _one_or_list(schema: Json, description: str) -> Json:
    return {"description": description, "anyOf": [schema, list_of(schema)]}
