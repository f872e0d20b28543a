"""The handler of every service that has no folder of its own: its entry and its model say all."""

from __future__ import annotations

from serving.service import model_service

service = model_service()
handler = service.handler
service.start()
