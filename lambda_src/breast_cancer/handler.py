"""The Lambda entry of breast-cancer."""

from __future__ import annotations

from serving.tabular.service import TabularService

from breast_cancer.article import refuse, word

service = TabularService("/breastcancer", word=word, refuse=refuse)
handler = service.edge
