"""Several pictures at once: one deadline, which nothing can hold up."""

from __future__ import annotations

import gc
import threading
import time
import weakref
from collections.abc import Sequence

import pytest
from clothes.fetch.downloads import begin
from clothes.fetch.fetcher import Fetcher
from serving.http.problems import Problem

from tests.harness.picture_server import PICTURE, ImageServer

SOON = 0.2


def test_pictures_come_in_their_order(images: ImageServer, local: Fetcher) -> None:
    kinds = ["hat", "t-shirt", "dress", "t-shirt"]
    urls = [local.check(f"{images.url}/pictures/{kind}.png") for kind in kinds]
    pictures = [download.result() for download in begin(local, urls, 5.0)]
    assert [data == PICTURE for data in pictures] == [False, True, False, True]


def test_they_are_fetched_at_once(images: ImageServer) -> None:
    meeting = threading.Barrier(8, timeout=5.0)

    def together(*_: object) -> Sequence[str]:
        meeting.wait()  # raises unless eight are here at the same time
        return ["127.0.0.1"]

    fetcher = Fetcher(loopback=True, resolve=together)
    url = fetcher.check(f"http://pictures.example:{images.port}/pictures/t-shirt.png")
    assert [d.result() for d in begin(fetcher, [url] * 8, 5.0)] == [PICTURE] * 8


def test_a_lookup_that_hangs_does_not_hold_the_request() -> None:
    released = threading.Event()

    def hang(*_: object) -> Sequence[str]:
        released.wait(10.0)
        return []

    fetcher = Fetcher(resolve=hang)
    started = time.monotonic()
    downloads = begin(fetcher, [fetcher.check("https://pictures.example/")] * 8, SOON)
    for download in downloads:
        with pytest.raises(Problem) as raised:
            download.result()
        assert raised.value.type.slug == "fetch-timeout"
    assert time.monotonic() - started < 5.0
    released.set()


def test_threads_do_not_keep_the_process() -> None:
    before = set(threading.enumerate())
    released = threading.Event()

    def hang(*_: object) -> Sequence[str]:
        released.wait(10.0)
        return []

    fetcher = Fetcher(resolve=hang)
    begin(fetcher, [fetcher.check("https://pictures.example/")], SOON)
    started = [thread for thread in threading.enumerate() if thread not in before]
    assert started
    assert all(thread.daemon for thread in started)
    released.set()


def test_slow_ones_do_not_hold_the_others(images: ImageServer) -> None:
    released = threading.Event()

    def slow(host: str, _: int) -> Sequence[str]:
        if host == "slow.example":
            released.wait(10.0)
        return ["127.0.0.1"]

    fetcher = Fetcher(loopback=True, resolve=slow)
    urls = [
        fetcher.check(f"http://{host}.example:{images.port}/pictures/t-shirt.png")
        for host in ("slow", "fast")
    ]
    first, second = begin(fetcher, urls, 10.0)
    assert second.result() == PICTURE
    assert not released.is_set()
    released.set()
    assert first.result() == PICTURE


def test_no_time_at_all(images: ImageServer, local: Fetcher) -> None:
    (download,) = begin(local, [local.check(images.url)], -1.0)
    with pytest.raises(Problem) as raised:
        download.result()
    assert raised.value.type.slug == "fetch-timeout"


def test_an_unforeseen_failure_is_not_hidden() -> None:
    def broken(*_: object) -> Sequence[str]:
        raise ZeroDivisionError

    fetcher = Fetcher(resolve=broken)
    (download,) = begin(fetcher, [fetcher.check("https://pictures.example/")], 5.0)
    with pytest.raises(ZeroDivisionError):
        download.result()


@pytest.mark.parametrize("asked", [True, False])
def test_what_was_not_fetched_is_let_go(images: ImageServer, local: Fetcher, asked: bool) -> None:
    (download,) = begin(local, [local.check(f"{images.url}/404")], 5.0)
    if asked:
        with pytest.raises(Problem):
            download.result()
    gone = weakref.ref(download)
    gc.disable()
    try:
        del download
        end = time.monotonic() + 5.0
        while gone() is not None:  # its thread may be about to end
            assert time.monotonic() < end
            time.sleep(0.01)
    finally:
        gc.enable()
