"""What a benchmark is to show, by service."""

from __future__ import annotations

Goals = dict[str, tuple[str, str, float]]
"""By the figure's key: what it is in words, the kind of bound, and the bound."""
_SPAM_OR_HAM: Goals = {
    "cold_ratio_article": ("cold start, article ÷ ours", "at least", 22),
    "cold_ratio_tuned": ("cold start, tuned scikit-learn ÷ ours", "at least", 18),
    "cold_ratio_noop": ("cold start, ours ÷ no-op", "at most", 1.5),
    "warm_ratio_article": ("warm call, article ÷ ours", "at least", 15),
    "rss_ratio_article": ("memory, article ÷ ours", "at least", 4),
    "memory_mb_ours": ("our memory, MB", "at most", 24),
    "zip_bytes_ours": ("our package, zipped bytes", "at most", 100_000),
    "parity_label_mismatches": ("labels unlike scikit-learn's", "at most", 0),
}
GOALS: dict[str, Goals] = {
    "spam_or_ham": _SPAM_OR_HAM,
    "breast_cancer": {
        "cold_ratio_article": ("cold start, article ÷ ours", "at least", 20),
        "parity_label_mismatches": ("labels unlike scikit-learn's", "at most", 0),
    },
    "loan_grade": {
        "cold_ratio_article": ("cold start, article ÷ ours", "at least", 32),
        "warm_ratio_article": ("warm call, article ÷ ours", "at least", 100),
        "warm_ratio_keras": ("warm call, Keras without predict ÷ ours", "at least", 5),
        "zip_bytes_ours": ("our package, zipped bytes", "at most", 1_000_000),
        "parity_max_abs_diff": ("probabilities unlike Keras's", "at most", 1e-5),
        "parity_label_mismatches": ("grades unlike Keras's", "at most", 0),
    },
}
