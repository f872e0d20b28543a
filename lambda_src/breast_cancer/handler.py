"""The Lambda entry of breast-cancer: its callers know answers and refusals of another shape."""

from __future__ import annotations

from serving.loading.artifacts import begin_at_init

begin_at_init()  # The model travels while the rest is imported.

from serving.service import model_service  # noqa: E402

from breast_cancer.article import format_answer, format_problem  # noqa: E402

service = model_service(format_answer=format_answer, format_problem=format_problem)
handler = service.handler
service.start()
