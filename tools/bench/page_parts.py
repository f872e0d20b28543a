"""What docs/benchmarks*.md says of one service alone: its peers, its gateway and its answers."""

from __future__ import annotations

SPAM_OR_HAM = (
    """\
- **ONNX Runtime**: our pair converted by skl2onnx, pruned and byte-compiled. Its tokenizer has no
  look-around and does not know the pattern of our recipe, so its answers differ: over
  {onnx_texts:,} messages {onnx_labels} label(s), {onnx_far} probabilities by more than 0.0001, the
  furthest by {onnx_max:.3f}.
- **tuned scikit-learn**: our pair as plain pickles, sparse rows, no validation, one boto3 client,
  the objects fetched while scikit-learn is imported, packages pruned and byte-compiled.
- **the article's handler**: joblib files through a boto3 resource, GaussianNB on a dense array, its
  own recipe, packages as pip installs them. With byte code they are {article_size}, beyond Lambda's
  250 MB for zip packages; without it, it would start even later.
""",
    "A REST API adds $3.50 per million, the same for all.",
    """\
Over {parity_texts:,} texts (the corpus, and generated ones: random Unicode, empty, repeated,
unknown and very long) {mismatches} labels differ from scikit-learn's, and no probability by more
than {distance:.1e}.
""",
)

BREAST_CANCER = (
    """\
- **ours, scikit-learn runtime**: the same function with scikit-learn from the layers that
  `make layers TARGET=here` builds, stripped and with byte code; its sizes count them. Without them
  the row is left out.
- **the article's handler**: our classifier as a joblib file in the function's own folder, which
  needs no S3, and scikit-learn, joblib and numpy from a layer as pip installs them. With byte code
  they are {article_size}, where Lambda allows 250 MB; without it, it would start even later.
""",
    "A Function URL adds nothing.",
    """\
Over {parity_texts:,} rows (the data set, and generated ones: on every threshold and one rounding
step beside it, beyond the data's range, zeros of both signs, the largest and smallest numbers)
{mismatches} labels differ from scikit-learn's, and no probability by more than {distance:.1e}.
""",
)

LOAN_GRADE = (
    """\
- **the article's handler**: Keras and TensorFlow as pip installs them, with byte code, are
  {article_size}, far beyond Lambda's 250 MB. The network is read from S3 through a boto3 resource;
  a request is one `model.predict` of a row that comes scaled and encoded, where ours takes the
  raw loan.
- **Keras, the network called**: the same packages and rows, one thread, and `model(rows)` instead
  of `model.predict(rows)`, which sets up a loop over batches at every call.

All of them run on a Python that TensorFlow has a release for.

""",
    "A REST API adds $3.50 per million, the same for all.",
    """\
Over {parity_texts:,} loans (the data set, and 2,000 as no data has them: levels that training has
not seen, the ends of ranges, everything missing that may be) {mismatches} grades differ from
Keras's, and no probability by more than {distance:.1e}.
""",
)

PARTS = {
    "spam_or_ham": SPAM_OR_HAM,
    "breast_cancer": BREAST_CANCER,
    "loan_grade": LOAN_GRADE,
}
