"""The Lambda entry of breast-cancer: its callers know answers and refusals of another shape."""

from __future__ import annotations

from serving.service import model_service

from breast_cancer.article import format_answer, format_problem

service = model_service(format_answer=format_answer, format_problem=format_problem)
handler = service.handler
service.start()
