"""Fetching: what arrives, what is refused, and who is asked for it."""

from __future__ import annotations

import time

import pytest
from clothes.fetch.fetcher import Fetcher

from tests.harness.picture_server import FAULTS, GOOD, LARGE, PICTURE, ImageServer
from tests.unit.clothes.fetch.conftest import PUBLIC, Network, get, limited, refusal

FAST = 0.3
"""Seconds after which a test gives up on a server that never ends."""


@pytest.mark.parametrize("path", ["/pictures/t-shirt.png", *GOOD])
def test_pictures_arrive_whole(local: Fetcher, images: ImageServer, path: str) -> None:
    assert get(local, images.url + path) == PICTURE


def test_what_the_server_is_asked(local: Fetcher, images: ImageServer) -> None:
    images.asked.clear()
    get(local, f"{images.url}/pictures/hat.png?naïve=1&b=%20&c='\"<>`{{}}|#fragment")
    (call,) = images.asked
    assert call.method == "GET"
    assert call.path == "/pictures/hat.png?na%C3%AFve=1&b=%20&c='%22%3C%3E%60%7B%7D|"
    assert call.headers["host"] == f"127.0.0.1:{images.port}"
    assert call.headers["accept-encoding"] == "identity"
    assert call.headers["connection"] == "close"
    assert not call.headers.keys() & {"cookie", "authorization", "referer", "x-forwarded-for"}


@pytest.mark.parametrize("ending", ["", "?", "?x=/../y", "#x", "/#@127.0.0.1/"])
def test_a_url_without_a_path_asks_for_the_root(
    local: Fetcher, images: ImageServer, ending: str
) -> None:
    images.asked.clear()
    assert "status 404" in refusal(local, images.url + ending).detail
    assert images.asked[0].path.startswith("/")
    assert "#" not in images.asked[0].path


@pytest.mark.parametrize("name", ["localhost", "LOCALHOST", "localhost."])
def test_loopback_by_name(local: Fetcher, images: ImageServer, name: str) -> None:
    assert get(local, f"HTTP://{name}:{images.port}/pictures/t-shirt.png") == PICTURE


SLUGS = {
    **dict.fromkeys(FAULTS, "picture-not-fetched"),
    **{path: "picture-too-large" for path in FAULTS if path.startswith("/too-large")},
    **{path: "fetch-timeout" for path in FAULTS if path.startswith(("/hangs", "/trickles"))},
    "/redirect-to-metadata": "refused-host",
    "/redirect-to-private": "refused-host",
    "/redirect-to-file": "refused-url",
    "/redirect-to-ftp": "refused-url",
    "/redirect-to-data": "refused-url",
    "/redirect-with-user": "refused-url",
}
NO_PICTURES = ("/html", "/empty")
STATUS = {"picture-not-fetched": 502, "picture-too-large": 413, "fetch-timeout": 504}


@pytest.mark.parametrize("path", [path for path in FAULTS if path not in NO_PICTURES])
def test_faults_are_told_apart_and_never_repeated(images: ImageServer, path: str) -> None:
    started = time.monotonic()
    problem = refusal(Fetcher(loopback=True), images.url + path, FAST)
    assert problem.type.slug == SLUGS[path], problem.detail
    assert problem.type.status == STATUS.get(SLUGS[path], 400)
    assert ("Retry-After" in problem.headers) == (problem.type.status in (502, 504))
    assert images.url not in problem.detail
    assert path not in problem.detail
    assert time.monotonic() - started < 10 * FAST


@pytest.mark.parametrize("path", NO_PICTURES)
def test_what_is_no_picture_is_not_the_fetcher_s_business(
    local: Fetcher, images: ImageServer, path: str
) -> None:
    assert get(local, images.url + path) in (b"", b"<!doctype html><title>No picture</title>")


@pytest.mark.parametrize("path", ["/until-close", "/chunked", "/pictures/t-shirt.png"])
def test_the_size_limit_is_exact(images: ImageServer, path: str) -> None:
    assert get(limited(size=len(PICTURE)), images.url + path) == PICTURE
    problem = refusal(limited(size=len(PICTURE) - 1), images.url + path)
    assert problem.type.slug == "picture-too-large"
    assert Fetcher().limits.size + 1 == LARGE


@pytest.mark.parametrize("hops", [0, 1, 2])
def test_redirects_are_counted(images: ImageServer, hops: int) -> None:
    assert get(limited(redirects=hops), f"{images.url}/redirect-{hops}" if hops else
               f"{images.url}/pictures/t-shirt.png") == PICTURE  # fmt: skip
    images.asked.clear()
    problem = refusal(limited(redirects=hops), f"{images.url}/redirect-{hops + 1}")
    assert f"more than {hops} times" in problem.detail
    assert len(images.asked) == hops + 1


def test_the_deadline_is_of_all_hops_together(images: ImageServer) -> None:
    problem = refusal(limited(redirects=1_000_000), f"{images.url}/redirect-loop", FAST)
    assert problem.type.slug == "fetch-timeout"


def test_a_deadline_in_the_past_asks_nobody(images: ImageServer) -> None:
    images.asked.clear()
    problem = refusal(Fetcher(loopback=True), f"{images.url}/pictures/hat.png", 0.0)
    assert problem.type.slug == "fetch-timeout"
    assert images.asked == []


def test_nobody_listens(local: Fetcher) -> None:
    assert refusal(local, "http://127.0.0.1:1/").type.slug == "picture-not-fetched"


class TestNames:
    """Which address is connected to, and how often a name is looked up."""

    def test_the_connection_goes_to_the_address_that_was_checked(self, images: ImageServer) -> None:
        network = Network({"a.example": ["127.0.0.1"]}, images.port)
        fetcher = network.fetcher(loopback=True)
        assert get(fetcher, "http://a.example:7/pictures/t-shirt.png") == PICTURE
        assert (network.looked_up, network.connected) == (["a.example"], [("127.0.0.1", 7)])
        assert images.asked[-1].headers["host"] == "a.example:7"

    def test_a_second_answer_of_the_name_s_servers_is_never_asked_for(
        self, images: ImageServer
    ) -> None:
        """DNS rebinding: public when it is checked, private when it is connected to."""
        network = Network({}, images.port)
        answers = iter([["127.0.0.2"], ["10.0.0.1"]])
        fetcher = Fetcher(loopback=True, resolve=lambda *_: next(answers), connect=network.connect)
        assert get(fetcher, "http://a.example/pictures/t-shirt.png") == PICTURE
        assert network.connected == [("127.0.0.2", 80)]
        # The next question is a new one, with a check of its own.
        assert refusal(fetcher, "http://a.example/").type.slug == "refused-host"

    def test_each_hop_is_looked_up_and_checked_anew(self, images: ImageServer) -> None:
        answers = {"a.example": [["127.0.0.1"], ["127.0.0.1", "192.168.0.1"]]}
        network = Network({}, images.port)
        fetcher = Fetcher(
            loopback=True,
            resolve=lambda host, _: answers[host].pop(0),
            connect=network.connect,
        )
        problem = refusal(fetcher, "http://a.example/redirect")
        assert problem.type.slug == "refused-host"
        assert len(network.connected) == 1

    def test_the_next_address_is_tried_where_one_does_not_answer(self, images: ImageServer) -> None:
        network = Network({"a.example": ["127.0.0.3", "127.0.0.1"]}, images.port)

        def only_the_second(address: str, port: int, seconds: float) -> object:
            if address == "127.0.0.3":
                raise ConnectionRefusedError
            return network.connect(address, port, seconds)

        fetcher = Fetcher(loopback=True, resolve=network.resolve, connect=only_the_second)  # type: ignore[arg-type]
        assert get(fetcher, "http://a.example/pictures/t-shirt.png") == PICTURE

    def test_no_more_than_a_few_addresses_are_tried(self) -> None:
        tried: list[str] = []

        def never(address: str, *_: object) -> object:
            tried.append(address)
            raise TimeoutError

        many = [f"127.0.1.{n}" for n in range(1, 100)]
        fetcher = Fetcher(loopback=True, resolve=lambda *_: many, connect=never)  # type: ignore[arg-type]
        assert refusal(fetcher, "http://a.example/").type.slug == "fetch-timeout"
        assert tried == many[:4]

    def test_a_public_address_is_connected_to_on_443(self) -> None:
        network = Network({"a.example": [PUBLIC, "2600:1f18::1"]}, port=1)
        problem = refusal(network.fetcher(), "https://a.example/x")
        assert problem.type.slug == "picture-not-fetched"
        assert network.connected == [(PUBLIC, 443), ("2600:1f18::1", 443)]
