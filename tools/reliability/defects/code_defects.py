"""Mistakes in what runs in Lambda: one replacement each, in text that occurs exactly once."""

from __future__ import annotations

from tools.reliability.defects.code_defect import CodeDefect
from tools.reliability.defects.life_defects import LIFE_DEFECTS
from tools.reliability.defects.model_defects import MODEL_DEFECTS

_CASES = ("tests/contract/test_cases.py",)
_ANSWERS = ("tests/contract/test_answers.py",)
_RECOVERY = ("tests/contract/test_recovery.py",)
_FAULTS = ("tests/unit/serving/loading/test_artifacts.py",)
_MODEL = ("tests/unit/serving/loading/test_model_loader.py",)
_S3 = ("tests/unit/serving/loading/test_s3.py",)
_ATTACKS = ("tests/unit/portable/test_attacks.py",)
_PORTABLE = ("tests/unit/portable",)
_FIRST = ("tests/unit/portable/test_first_bytes.py",)
_OPTIONS = ("tests/unit/portable/test_options.py",)
_FORMS = ("tests/unit/serving/inputs/test_form.py",)
_GROWTH = (
    "tests/unit/spam_or_ham/test_normalisation.py"
    "::test_time_grows_with_length_and_not_with_its_square"
)
_COST = "tests/unit/portable/test_cost.py::test_four_times_the_text_takes_about_four_times_as_long"
_PUMPED = "tests/unit/tools/reliability/test_pumps.py::test_what_once_was_slow_is_linear"

CODE_DEFECTS = (
    # What a request may do.
    CodeDefect(
        "body logged",
        "serving/service.py",
        'request.log_fields["inputs"] = len(received.values)',
        'request.log_fields["inputs"] = received.values',
        _CASES,
    ),
    CodeDefect(
        "half a surrogate answered",
        "serving/http/strict_json.py",
        "ensure_ascii=True",
        "ensure_ascii=False",
        ("tests/unit/serving/http/test_strict_json.py",),
    ),
    CodeDefect(
        "input repeated",
        "serving/inputs/text.py",
        'f"Item {index} (from 0) is not a string. "',
        'f"Item {item} is not a string. "',
        _CASES,
    ),
    CodeDefect("no size cap", "serving/http/request.py", "if size > limit:", "if False:", _CASES),
    CodeDefect(
        "lenient base64", "serving/http/request.py", "strict_mode=True", "strict_mode=False", _CASES
    ),
    CodeDefect(
        "exception's text answered",
        "serving/http/router.py",
        'Problem(INTERNAL_ERROR, "The service failed on this request. It is not your fault.")',
        "Problem(INTERNAL_ERROR, str(error))",
        _ANSWERS,
    ),
    CodeDefect(
        "unforeseen exceptions raised",
        "serving/http/router.py",
        "except Exception as error:",
        "except Problem as error:",
        _ANSWERS,
    ),
    CodeDefect(
        "errors may be cached",
        "serving/http/router.py",
        '{**problem.headers, "Cache-Control": "no-store"}',
        "{**problem.headers}",
        _CASES,
    ),
    CodeDefect(
        "answers may be sniffed",
        "serving/http/router.py",
        '{"X-Content-Type-Options": "nosniff", **headers}',
        "{**headers}",
        ("tests/contract", "tests/unit/tools/reliability/test_events.py"),
    ),
    CodeDefect(
        "refusal without Allow", "serving/http/router.py", '{"Allow": allowed}', "{}", _CASES
    ),
    CodeDefect(
        "compressed bodies taken",
        "serving/http/media_types.py",
        'if (request.header("content-encoding") or "").strip():',
        "if False:",
        _CASES,
    ),
    CodeDefect(
        "any media type taken",
        "serving/http/media_types.py",
        "if parsed is None or parsed[0] not in supported or",
        "if parsed is None or",
        _CASES,
    ),
    CodeDefect(
        "NaN taken for JSON",
        "serving/http/strict_json.py",
        ", parse_constant=_refuse_constant",
        "",
        _CASES,
    ),
    CodeDefect(
        "repeated keys taken",
        "serving/http/strict_json.py",
        "object_pairs_hook=_unique, ",
        "",
        _CASES,
    ),
    CodeDefect(
        "deep nesting unforeseen",
        "serving/http/strict_json.py",
        "except (ValueError, RecursionError):",
        "except ValueError:",
        _CASES,
    ),
    CodeDefect(
        "any number of texts",
        "serving/inputs/__init__.py",
        "if len(value) > most:",
        "if False:",
        _CASES,
    ),
    CodeDefect(
        "form scored as it is sent",
        "serving/inputs/text.py",
        'if content.media_type == FORM and "=" in text:',
        "if False:",
        _FORMS,
    ),
    CodeDefect(
        "any field of a form taken",
        "serving/inputs/form.py",
        "if name != FIELD or",
        "if",
        _FORMS,
    ),
    CodeDefect(
        "sentence taken for a form",
        "serving/inputs/form.py",
        "=([!-~]*+)",
        "=([ -~]*+)",
        _FORMS,
    ),
    CodeDefect(
        "broken escape decoded",
        "serving/inputs/form.py",
        "(?:%[0-9A-Fa-f]{2}[^%&]*+)*+",
        "(?:%[^%&]*+)*+",
        _FORMS,
    ),
    # How the work for a text grows with its length.
    CodeDefect(
        "apostrophes tried from every letter",
        "spam_or_ham/obfuscation/spacing.py",
        r"|(?<!(?<![^\W_])[^\W_]'[^\W_])(')",
        "|(')",
        (f"{_GROWTH}[\"a'\"-'aa']",),
    ),
    CodeDefect(
        "comment sought to the end of the text",
        "spam_or_ham/obfuscation/markup.py",
        "<!--([^<>]*)-->",
        "<!--(.*?)-->",
        (f"{_GROWTH}['<!--'-'']",),
    ),
    CodeDefect(
        "pile of marks sorted in one piece",
        "spam_or_ham/obfuscation/characters.py",
        r"[^\x00-\x7f]{1,128}",
        r"[^\x00-\x7f]+",
        (f"{_GROWTH}['\\\\u0301\\\\u0323'-'']",),
    ),
    CodeDefect(
        "accents stripped in one piece",
        "portable/feature_extraction/accents.py",
        "_PIECE = 128",
        "_PIECE = 1_000_000",
        (f"{_COST}[3-{{'ngram_range': (1, 1), 'strip_accents': 'ascii'}}]",),
    ),
    CodeDefect(
        "parameter sought at every character",
        "serving/http/media_types.py",
        r'rf";\s*+({_NAME})=',
        'rf"({_NAME})=',
        (f"{_PUMPED}['text/plain;' + 'a' * n + '']",),
    ),
    # What a prediction is.
    CodeDefect(
        "probability constant",
        "portable/naive_bayes/__init__.py",
        "[exp(value - evidence) for value in joint]",
        "[1.0 / len(joint)] * len(joint)",
        (*_ANSWERS, *_OPTIONS),
    ),
    CodeDefect(
        "label flipped",
        "portable/naive_bayes/__init__.py",
        "joint.index(best)",
        "joint.index(min(joint))",
        (*_ANSWERS, *_OPTIONS),
    ),
    CodeDefect(
        "word pairs dropped",
        "portable/feature_extraction/analyzers.py",
        "tokens += list(map(join, pairwise(tokens)))",
        "pass",
        (*_ANSWERS, *_OPTIONS),
    ),
    CodeDefect(
        "letters keep their case",
        "portable/feature_extraction/analyzers.py",
        "[str.lower] if lower else []",
        "[]",
        _OPTIONS,
    ),
    CodeDefect(
        "rarity ignored",
        "portable/feature_extraction/text.py",
        "if idf is not None:",
        "if False:",
        _OPTIONS,
    ),
    CodeDefect(
        "length ignored", "portable/feature_extraction/text.py", "if total:", "if False:", _OPTIONS
    ),
    CodeDefect(
        "repetition counted in full",
        "portable/feature_extraction/text.py",
        "if self.sublinear:",
        "if False:",
        _OPTIONS,
    ),
    CodeDefect(
        "priors ignored",
        "portable/naive_bayes/__init__.py",
        "joint.append(total + intercept)",
        "joint.append(total)",
        _OPTIONS,
    ),
    CodeDefect(
        "answers in another order",
        "serving/runtimes/portable.py",
        "outcomes = self._block(inputs) if len(inputs) > 1 else None",
        "outcomes = self._block(inputs[::-1]) if len(inputs) > 1 else None",
        _ANSWERS,
    ),
    CodeDefect(
        "explanation without its prior",
        "portable/explanation.py",
        "fsum([prior, *(contribution for",
        "fsum([*(contribution for",
        (*_ANSWERS, *_PORTABLE),
    ),
    CodeDefect(
        "contributions turned round",
        "portable/naive_bayes/__init__.py",
        "(self.weights[label][column] - self.weights[against][column])",
        "(self.weights[against][column] - self.weights[label][column])",
        (*_ANSWERS, *_PORTABLE),
    ),
    CodeDefect(
        "another model named",
        "serving/service.py",
        'environ.get("MODEL_VERSION", "unknown")',
        'environ.get("AWS_LAMBDA_FUNCTION_VERSION", "unknown")',
        _ANSWERS,
    ),
    # What is loaded, and how.
    CodeDefect(
        "digest unchecked",
        "serving/loading/artifacts.py",
        "if actual != artifact.sha256:",
        "if False:",
        _FAULTS,
    ),
    CodeDefect(
        "pinned size unbounded",
        "serving/loading/artifacts.py",
        "if not 0 < artifact.size <= MAX_BYTES:",
        "if False:",
        _FAULTS,
    ),
    CodeDefect(
        "first byte unchecked",
        "portable/pickles/unpickler.py",
        'if data[:1] != b"\\x80":',
        "if False:",
        _FIRST,
    ),
    CodeDefect(
        "any pickle protocol",
        "portable/pickles/unpickler.py",
        'if data[1:2] != b"\\x04":',
        "if False:",
        _FIRST,
    ),
    CodeDefect(
        "any global unpickled",
        "portable/pickles/unpickler.py",
        "raise _refused_global(module, name)",
        "return super().find_class(module, name)",
        _ATTACKS,
    ),
    CodeDefect(
        "opcodes unchecked",
        "portable/pickles/unpickler.py",
        """        import_module("portable.pickles.opcodes").check_opcodes(data)\n""",
        "        pass\n",
        _ATTACKS,
    ),
    CodeDefect(
        "weights not finite",
        "portable/pickles/attributes.py",
        "and not isfinite(sum(values)):",
        "and False:",
        _PORTABLE,
    ),
    CodeDefect(
        "mismatched pair",
        "portable/pickles/attributes.py",
        "if type(value) is not Array or value.shape != (rows, columns):",
        "if type(value) is not Array:",
        _PORTABLE,
    ),
    CodeDefect(
        "golden answers unchecked",
        "serving/service.py",
        "        check_golden(manifest, model, self.inputs)\n",
        "",
        _RECOVERY,
    ),
    CodeDefect(
        "refusal tried again",
        "serving/loading/s3.py",
        "_RETRIED = frozenset((408,",
        "_RETRIED = frozenset((403, 404, 408,",
        _FAULTS,
    ),
    CodeDefect(
        "fault not tried again",
        "serving/loading/artifacts.py",
        "if attempt >= retry_policy.attempts or",
        "if True or",
        _FAULTS,
    ),
    CodeDefect(
        "tried for ever",
        "serving/loading/artifacts.py",
        "if attempt >= retry_policy.attempts or time.monotonic() + pause >= deadline:",
        "if time.monotonic() + pause >= deadline:",
        _FAULTS,
    ),
    CodeDefect(
        "no deadline over all",
        "serving/loading/artifacts.py",
        "if not self._done.wait(max(0.0, self._deadline - time.monotonic())):",
        "if not self._done.wait():",
        ("tests/unit/serving/loading/test_downloads.py",),
    ),
    CodeDefect(
        "deadline per wait, not in all",
        "serving/loading/http_get.py",
        "    left = deadline - time.monotonic()\n    if left <= 0:",
        "    left = 10.0\n    if left <= 0:",
        (
            "tests/unit/serving/loading/test_artifacts.py::test_the_deadline_holds_over_all_attempts",
        ),
    ),
    CodeDefect(
        "failed load raises",
        "serving/loading/model_loader.py",
        "except Exception as error:",
        "except LoadError as error:",
        _MODEL,
    ),
    CodeDefect(
        "failed load tried at once",
        "serving/loading/model_loader.py",
        "if failed_at is None or time.monotonic() - failed_at >= self._timeouts.back_off:",
        "if True:",
        _MODEL,
    ),
    CodeDefect(
        "failed load never tried again",
        "serving/loading/model_loader.py",
        "if failed_at is None or time.monotonic() - failed_at >= self._timeouts.back_off:",
        "if failed_at is None:",
        _MODEL,
    ),
    CodeDefect(
        "503 without Retry-After",
        "serving/loading/model_loader.py",
        '{"Retry-After": str(max(1, round(self._timeouts.back_off)))}',
        "{}",
        (*_MODEL, *_RECOVERY),
    ),
    CodeDefect(
        "S3's name unchecked",
        "serving/loading/http_get.py",
        "secured = tls._wrap_socket(self._socket, False, host)",
        "tls.check_hostname = False\n        secured = tls._wrap_socket(self._socket, False, host)",
        _S3,
    ),
    CodeDefect(
        "loading wherever it is imported",
        "serving/service.py",
        'if "AWS_LAMBDA_FUNCTION_NAME" in environ:',
        "if True:",
        ("tests/unit/spam_or_ham/test_imports.py",),
    ),
    *MODEL_DEFECTS,
    *LIFE_DEFECTS,
)
