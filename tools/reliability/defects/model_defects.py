"""Mistakes in what keeps a model from costing too much, and from being proven too little."""

from __future__ import annotations

from tools.reliability.defects.code_defect import CodeDefect

_COSTS = ("tests/unit/portable/test_unpickling_costs.py",)
_NUMBERS = ("tests/unit/portable/test_hostile_numbers.py",)
_PATTERNS = ("tests/unit/model_training/publishing",)
_ROWS = ("tests/unit/model_training/publishing/test_tabular_parity.py",)
_ON_THRESHOLDS = ("tests/unit/model_training/publishing/test_texts_on_thresholds.py",)

MODEL_DEFECTS = (
    # What a model may cost that was made to cost much.
    CodeDefect(
        "memory of objects unbounded",
        "portable/pickles/opcode_stack.py",
        "if self.memory > MEMORY_PER_BYTE * size + FREE_MEMORY:",
        "if False:",
        _COSTS,
    ),
    CodeDefect(
        "empty sets weigh nothing",
        "portable/pickles/opcode_costs.py",
        "LIST, DICT, SET = 80, 80, 240",
        "LIST, DICT, SET = 80, 80, 0",
        _COSTS,
    ),
    CodeDefect(
        "colliding keys uncounted",
        "portable/pickles/opcode_stack.py",
        "self.again += count * target.numbers + count * count // 2",
        "pass",
        _COSTS,
    ),
    CodeDefect(
        "what is named again uncounted",
        "portable/pickles/opcode_stack.py",
        "self.again += self._weights[place]",
        "pass",
        _COSTS,
    ),
    CodeDefect(
        "any number of objects at a time",
        "portable/pickles/opcode_stack.py",
        "if len(self._kinds) > MAX_STACK or len(self._marks) > MAX_STACK:",
        "if False:",
        _COSTS,
    ),
    CodeDefect(
        "object in itself",
        "portable/pickles/opcode_stack.py",
        "if not isinstance(target, Filled) or target.named:",
        "if not isinstance(target, Filled):",
        _COSTS,
    ),
    CodeDefect(
        "integers of any length",
        "portable/pickles/opcodes.py",
        "if length > MAX_INTEGER:",
        "if False:",
        _COSTS,
    ),
    CodeDefect(
        "labels compared by their hashes",
        "portable/pickles/attributes.py",
        "any(map(eq, ordered, ordered[1:]))",
        "len(set(labels)) != len(labels)",
        _NUMBERS,
    ),
    CodeDefect(
        "any number of features",
        "portable/pickles/attributes.py",
        "if count > MAX_FEATURES:",
        "if False:",
        _NUMBERS,
    ),
    CodeDefect(
        "token patterns unjudged",
        "publishing/runtimes.py",
        "check_token_patterns(loads(content))",
        "pass",
        _PATTERNS,
        folder="model_training",
    ),
    CodeDefect(
        "back-references taken",
        "publishing/token_patterns.py",
        "if kind in BACK_REFERENCES:",
        "if False:",
        _PATTERNS,
        folder="model_training",
    ),
    CodeDefect(
        "patterns judged on short texts",
        "publishing/pattern_costs.py",
        "SHORT, LONG, LONGEST = 1024, 16 * 1024, 64 * 1024",
        "SHORT, LONG, LONGEST = 256, 1024, 2 * 1024",
        _PATTERNS,
        folder="model_training",
    ),
    CodeDefect(
        "nothing follows what is pumped",
        "publishing/pumps.py",
        'ends = [_NOTHING, "", *short, *(2 * char for char in short)]',
        'ends = [""]',
        _PATTERNS,
        folder="model_training",
    ),
    CodeDefect(
        "hanging pattern never ended",
        "publishing/pattern_costs.py",
        'resource.setrlimit(resource.RLIMIT_CPU, (request["seconds"], request["seconds"] + 1))',
        "pass",
        _PATTERNS,
        folder="model_training",
    ),
    # What lies on a threshold.
    CodeDefect(
        "threshold in double precision",
        "portable/naive_bayes/bernoulli.py",
        "return rounded(value)",
        "return float(value)",
        (*_ON_THRESHOLDS, "tests/unit/portable/test_thresholds.py"),
    ),
    CodeDefect(
        "rows of trees in double precision",
        "portable/tree.py",
        'values = array("f", dense(row, count))',
        'values = array("d", dense(row, count))',
        _ROWS,
    ),
    CodeDefect(
        "texts proven off the threshold",
        "publishing/generated_texts.py",
        "for threshold in thresholds_of(classifier):",
        "for threshold in thresholds_of(None):",
        _ON_THRESHOLDS,
        folder="model_training",
    ),
    CodeDefect(
        "rows proven off the thresholds",
        "publishing/generated_rows.py",
        "near = values_near_thresholds(estimator)",
        "near: dict[int, list[float]] = {}",
        _ROWS,
        folder="model_training",
    ),
    CodeDefect(
        "thresholds behind a scaler taken as they are",
        "publishing/rows_on_thresholds.py",
        "for step in reversed(steps):",
        "for step in ():",
        _ROWS,
        folder="model_training",
    ),
)
