"""TLS: the host's name is verified, whatever address it was found at."""

from __future__ import annotations

import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from clothes.fetch.connector import Connector
from clothes.fetch.fetcher import Fetcher

from tests.harness.picture_server import PICTURE, ImageServer, image_server
from tests.unit.clothes.fetch.conftest import PUBLIC, Network, get, refusal

NAME = "pictures.example"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate for `NAME` and 127.0.0.1, key in the same file."""
    folder = tmp_path_factory.mktemp("tls")
    both, key, chain = folder / "both.pem", folder / "key.pem", folder / "chain.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-days", "2", "-subj", f"/CN={NAME}", "-addext",
         f"subjectAltName=DNS:{NAME},IP:127.0.0.1", "-keyout", str(key), "-out", str(chain)],
        check=True, capture_output=True,
    )  # fmt: skip
    both.write_bytes(key.read_bytes() + chain.read_bytes())
    return both


@pytest.fixture(scope="module")
def images(certificate: Path) -> Iterator[ImageServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with image_server(context) as server:
        yield server


@pytest.fixture
def trust(certificate: Path) -> Callable[[], ssl.SSLContext]:
    """The usual context, and beside the system's certificates the one of the test."""
    return lambda: ssl.create_default_context(cafile=str(certificate))


def test_a_public_host_is_asked_over_tls_by_its_name(
    images: ImageServer, trust: Callable[[], ssl.SSLContext]
) -> None:
    network = Network({NAME: [PUBLIC]}, images.port)
    fetcher = network.fetcher(tls=trust)
    assert get(fetcher, f"https://{NAME}/pictures/t-shirt.png") == PICTURE
    assert network.connected == [(PUBLIC, 443)]
    assert images.asked[-1].headers["host"] == NAME
    problem = refusal(fetcher, f"https://{NAME}/redirect-to-metadata")
    assert problem.type.slug == "refused-url"  # plain http, before it is anything else
    assert refusal(fetcher, f"https://{NAME}/redirect-to-private").type.slug == "refused-host"


def test_another_name_than_the_certificate_s(
    images: ImageServer, trust: Callable[[], ssl.SSLContext]
) -> None:
    network = Network({"other.example": [PUBLIC]}, images.port)
    problem = refusal(network.fetcher(tls=trust), "https://other.example/pictures/hat.png")
    assert problem.type.slug == "picture-not-fetched"
    assert "certificate" in problem.detail


def test_a_certificate_nobody_vouches_for(images: ImageServer) -> None:
    calls_before = len(images.asked)
    network = Network({NAME: [PUBLIC]}, images.port)
    problem = refusal(network.fetcher(), f"https://{NAME}/pictures/hat.png")
    assert problem.type.slug == "picture-not-fetched"
    assert "certificate" in problem.detail
    assert len(images.asked) == calls_before


def test_an_address_is_verified_too(
    images: ImageServer, trust: Callable[[], ssl.SSLContext]
) -> None:
    fetcher = Fetcher(loopback=True, tls=trust)
    assert get(fetcher, f"{images.url}/pictures/t-shirt.png") == PICTURE
    elsewhere = Network({}, images.port).fetcher(loopback=True, tls=trust)
    assert "certificate" in refusal(elsewhere, "https://127.0.0.2/").detail


def test_what_does_not_speak_tls(trust: Callable[[], ssl.SSLContext]) -> None:
    with image_server() as plain:
        network = Network({NAME: [PUBLIC]}, plain.port)
        problem = refusal(network.fetcher(tls=trust), f"https://{NAME}/", 0.2)
    assert problem.type.slug in ("picture-not-fetched", "fetch-timeout")


def test_a_handshake_that_never_ends_is_a_timeout(trust: Callable[[], ssl.SSLContext]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        network = Network({NAME: [PUBLIC]}, silent.getsockname()[1])
        problem = refusal(network.fetcher(tls=trust), f"https://{NAME}/", 0.2)
    assert problem.type.slug == "fetch-timeout"


def test_old_protocols_are_not_spoken() -> None:
    context = Connector(loopback=False).context()
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname


def test_the_context_is_made_once_however_many_ask() -> None:
    made: list[ssl.SSLContext] = []

    def make() -> ssl.SSLContext:
        made.append(ssl.create_default_context())
        return made[-1]

    connector = Connector(loopback=False, tls=make)
    with ThreadPoolExecutor(8) as pool:
        contexts = list(pool.map(lambda _: connector.context(), range(8)))
    assert contexts == made * 8


def test_certificates_that_cannot_be_read_are_a_failed_fetch(images: ImageServer) -> None:
    def fail() -> ssl.SSLContext:
        raise FileNotFoundError("no certificates here")

    fetcher = Network({NAME: [PUBLIC]}, images.port).fetcher(tls=fail)
    fetcher.warm()
    problem = refusal(fetcher, f"https://{NAME}/x")
    assert problem.type.slug == "picture-not-fetched"
    assert "certificates here" not in problem.detail
