"""The services that this repository keeps: what the tests and documents say of services by name,
they say of these, and nothing of what somebody adds."""

from __future__ import annotations

from stacks.config.services import SERVICES

NAMES = ("breast_cancer", "clothes", "loan_grade", "spam_or_ham")
REFERENCE = tuple(service for service in SERVICES if service.name in NAMES)
ADDED = tuple(service for service in SERVICES if service.name not in NAMES)
