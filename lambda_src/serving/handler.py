"""The handler of every service that has no folder of its own: its entry and its model say all."""

from __future__ import annotations

from serving.loading.artifacts import begin_at_init

begin_at_init()  # The model travels while the rest is imported.

from serving.service import model_service  # noqa: E402

service = model_service()
handler = service.handler
service.start()
