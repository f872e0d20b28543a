"""The Lambda entry of clothes: pictures in, and direct invocations."""

from __future__ import annotations

import os

from serving import service as serving_service
from serving.http.static import PAGE, Page

from clothes.direct import Direct
from clothes.service import PictureService

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from serving.loading.model_loader import LoadTimeouts
    from serving.service import Answer

    from clothes.fetch.fetcher import Fetcher

    Json = dict[str, object]

PATH = "/predict"


class Clothes(PictureService):
    """The service for one environment's variables, and its Lambda handler, which also takes an
    event that is the question itself."""

    def __init__(
        self,
        environ: Mapping[str, str],
        timeouts: LoadTimeouts | None = None,
        fetcher: Fetcher | None = None,
        page: str = PAGE,
    ) -> None:
        # Where callers may name addresses over plain http, the page may show pictures from there.
        loopback = environ.get("FETCH_ALLOW", "public") == "loopback"
        images = "data: https: http:" if loopback else "data: https:"
        super().__init__(
            environ,
            fetcher,
            PATH,
            timeouts=timeouts,
            format_answer=format_answer,
            page=Page(page, images),
        )
        self.handler = Direct(self.service.handler, PATH)


def format_answer(answer: Answer) -> Json:
    """Words an answer as the article does for the address of one picture: its bare scores; else
    in the usual envelope."""
    if answer.form == "one":
        return dict(answer.by_label(answer.predictions[0].scores or ()))
    return serving_service.format_answer(answer)


clothes = Clothes(os.environ)
handler = clothes.handler
clothes.service.start()
