"""The Lambda entry of breast-cancer."""

from __future__ import annotations

import os

from serving.tabular.service import TabularService

from breast_cancer.article import refuse, word

PATH = "/breastcancer"
DOCUMENT = os.path.join(os.path.dirname(__file__), "openapi.json")

service = TabularService(PATH, word=word, refuse=refuse, document=DOCUMENT)
handler = service.edge
