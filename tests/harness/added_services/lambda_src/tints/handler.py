"""The Lambda entry of tints: pictures in, the usual answers out."""

from __future__ import annotations

import os

from clothes.service import PictureService

tints = PictureService(os.environ)
handler = tints.service.handler
tints.service.start()
