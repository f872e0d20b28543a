"""Where objects are read from, by which credentials, and over which trust."""

from __future__ import annotations

import hashlib
import ssl
import subprocess
import sys
import time
import types
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from botocore.session import get_session
from serving.loading import LoadError, TransientError
from serving.loading import s3 as module
from serving.loading.s3 import SignedReader, endpoint, locate, reader, trust
from serving.loading.sigv4 import Credentials

from tests.harness.pythons import each_minor, pythons_of
from tools.local_aws import fake_s3
from tools.local_aws.fake_s3 import FakeS3

SOON = 5.0
REGIONS = (
    "us-east-1",
    "eu-central-1",
    "cn-north-1",
    "us-gov-west-1",
    "us-iso-east-1",
    "us-isob-east-1",
    "eusc-de-east-1",
)


@pytest.mark.parametrize("region", REGIONS)
def test_endpoints_are_those_of_the_sdk(region: str) -> None:
    client = get_session().create_client(
        "s3", region, aws_access_key_id="a", aws_secret_access_key="b"
    )
    url = client.generate_presigned_url("get_object", {"Bucket": "bucket", "Key": "key"})
    suffix = client.meta.endpoint_url.partition(f"{region}.")[2] or "amazonaws.com"
    assert locate("bucket", region, None) == (f"https://bucket.s3.{region}.{suffix}", "/")
    assert "bucket.s3." in url


def test_custom_endpoints_and_dotted_buckets_are_addressed_by_path() -> None:
    assert locate("b", "us-east-1", "http://localhost:4566/") == ("http://localhost:4566", "/b/")
    assert locate("a.b", "eu-west-1", None) == ("https://s3.eu-west-1.amazonaws.com", "/a.b/")


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, None),
        ({"AWS_ENDPOINT_URL": "http://a"}, "http://a"),
        ({"AWS_ENDPOINT_URL": "http://a", "AWS_ENDPOINT_URL_S3": "http://b"}, "http://b"),
        ({"AWS_ENDPOINT_URL_S3": ""}, None),
        (
            {"AWS_ENDPOINT_URL": "http://a", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"},
            None,
        ),
    ],
)
def test_the_sdks_variables_choose_the_endpoint(
    environ: Mapping[str, str], expected: str | None
) -> None:
    assert endpoint(environ) == expected


def test_the_request_is_signed_and_carries_the_session() -> None:
    with FakeS3({"/bucket/a key": b"x"}) as s3:
        s3.objects["/bucket/a%20key"] = b"x"
        assert reader("bucket", s3.environ())("a key", 1, time.monotonic() + SOON) == b"x"
        (call,) = s3.calls
    assert call.headers["x-amz-security-token"] == "session-token"
    assert call.headers["authorization"].startswith("AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EX")
    assert call.headers["host"] == s3.url.removeprefix("http://")


def test_an_empty_session_token_is_none() -> None:
    with FakeS3({"/bucket/key": b"x"}) as s3:
        environ = s3.environ() | {"AWS_SESSION_TOKEN": ""}
        reader("bucket", environ)("key", 1, time.monotonic() + SOON)
        assert "x-amz-security-token" not in s3.calls[0].headers


@pytest.mark.parametrize("missing", ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])
def test_other_credentials_are_left_to_boto3(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, missing: str
) -> None:
    with FakeS3({"/bucket/key": b"data"}) as s3:
        profile = tmp_path / "credentials"
        profile.write_text("[default]\naws_access_key_id = A\naws_secret_access_key = B\n")
        monkeypatch.delenv("AWS_PROFILE", raising=False)
        # boto3 keeps the first session of a process, with the credentials that were found then.
        monkeypatch.setattr("boto3.DEFAULT_SESSION", None)
        for name in s3.environ():
            monkeypatch.delenv(name, raising=False)
        environ = {k: v for k, v in s3.environ().items() if k != missing}
        environ.pop("AWS_SESSION_TOKEN")
        monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(profile))
        monkeypatch.setenv("AWS_REGION", "us-east-1")
        monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", s3.url)
        read = reader("bucket", environ)
        assert not isinstance(read, SignedReader)
        assert read("key", 4, time.monotonic() + SOON) == b"data"
        with pytest.raises(LoadError, match="another length"):
            read("key", 5, time.monotonic() + SOON)
        with pytest.raises(LoadError, match="404 NoSuchKey"):
            read("absent", 5, time.monotonic() + SOON)
        with pytest.raises(TransientError, match="in time"):
            read("key", 4, time.monotonic())


def test_boto3_is_not_imported_for_ordinary_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "boto3", types.ModuleType("boto3"))  # without `client`
    with FakeS3() as s3:
        assert isinstance(reader("bucket", s3.environ()), SignedReader)


CA = """
[ca]
default_ca = here
[here]
database = index.txt
serial = serial
new_certs_dir = .
default_md = sha256
policy = any
[any]
commonName = supplied
[server]
subjectAltName = IP:127.0.0.1
"""
TODAY = datetime.now(UTC)


def _self_signed(folder: Path, starts: datetime, ends: datetime) -> Path:
    """A self-signed certificate for 127.0.0.1, key in the same file."""
    (folder / "ca.cnf").write_text(CA)
    (folder / "index.txt").touch()
    (folder / "serial").write_text("01\n")
    dates = ("-startdate", f"{starts:%Y%m%d%H%M%SZ}", "-enddate", f"{ends:%Y%m%d%H%M%SZ}")
    for command in (
        ("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
         "-subj", "/CN=127.0.0.1", "-out", "request.pem", "-keyout", "key.pem"),
        ("ca", "-batch", "-notext", "-selfsign", "-config", "ca.cnf", "-keyfile", "key.pem",
         "-in", "request.pem", "-out", "certificate.pem", "-extensions", "server", *dates),
    ):  # fmt: skip
        subprocess.run(["openssl", *command], cwd=folder, check=True, capture_output=True)
    both = folder / "server.pem"
    both.write_text((folder / "certificate.pem").read_text() + (folder / "key.pem").read_text())
    return both


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    day = timedelta(days=1)
    return _self_signed(tmp_path_factory.mktemp("tls"), TODAY - day, TODAY + day)


def _speaking_tls(certificate: Path) -> FakeS3:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return FakeS3({"/bucket/key": b"data"}, tls=context)


@pytest.fixture
def tls_s3(certificate: Path) -> Iterator[FakeS3]:
    with _speaking_tls(certificate) as s3:
        yield s3


def test_tls_with_the_right_authority(tls_s3: FakeS3, certificate: Path) -> None:
    environ = tls_s3.environ() | {"AWS_CA_BUNDLE": str(certificate)}
    assert reader("bucket", environ)("key", 4, time.monotonic() + SOON) == b"data"


def test_tls_with_the_right_authority_in_a_folder(
    tls_s3: FakeS3, certificate: Path, tmp_path: Path
) -> None:
    """As Amazon's roots are: only the one that a chain ends in is read."""
    command = ["openssl", "x509", "-noout", "-subject_hash", "-in", str(certificate)]
    called = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    environ = tls_s3.environ() | {"AWS_CA_BUNDLE": str(tmp_path)}
    with pytest.raises(TransientError, match="certificate"):
        SignedReader("bucket", "us-east-1", Credentials("a", "b", None), environ)(
            "key", 4, time.monotonic() + SOON
        )
    (tmp_path / f"{called}.0").write_bytes(certificate.read_bytes())
    assert reader("bucket", environ)("key", 4, time.monotonic() + SOON) == b"data"


def test_tls_with_another_authority_is_refused(tls_s3: FakeS3) -> None:
    read = reader("bucket", tls_s3.environ())
    for _ in range(2):  # against Amazon's roots, then against the system's
        with pytest.raises(TransientError, match="certificate"):
            read("key", 4, time.monotonic() + SOON)
    assert tls_s3.calls == []


def test_tls_falls_back_to_the_systems_roots(
    tls_s3: FakeS3, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    read = reader("bucket", tls_s3.environ())
    with pytest.raises(TransientError, match="certificate"):
        read("key", 4, time.monotonic() + SOON)
    assert read("key", 4, time.monotonic() + SOON) == b"data"


def test_tls_checks_the_name(tls_s3: FakeS3, certificate: Path) -> None:
    environ = tls_s3.environ() | {
        "AWS_CA_BUNDLE": str(certificate),
        "AWS_ENDPOINT_URL_S3": tls_s3.url.replace("127.0.0.1", "localhost"),
    }
    with pytest.raises(TransientError, match="certificate"):
        reader("bucket", environ)("key", 4, time.monotonic() + SOON)


@pytest.mark.parametrize("since", [-30, 30])
def test_tls_checks_the_dates(tmp_path: Path, since: int) -> None:
    starts = TODAY + timedelta(days=since)
    certificate = _self_signed(tmp_path, starts, starts + timedelta(days=1))
    with _speaking_tls(certificate) as s3:
        environ = s3.environ() | {"AWS_CA_BUNDLE": str(certificate)}
        with pytest.raises(TransientError, match=r"expired|not yet valid"):
            reader("bucket", environ)("key", 4, time.monotonic() + SOON)
        assert s3.calls == []


def test_the_context_is_what_the_standard_library_makes() -> None:
    """`_ssl` is CPython's own: what this leaves to it, `ssl.SSLContext` leaves to it as well."""
    ours, expected = trust(module._ROOTS), ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    for name in ("verify_mode", "check_hostname", "minimum_version", "maximum_version",
                 "verify_flags", "options", "_host_flags", "security_level"):  # fmt: skip
        assert getattr(ours, name) == getattr(expected, name), name
    assert ours.verify_mode == ssl.CERT_REQUIRED
    assert ours.check_hostname
    assert ours.get_ciphers() == expected.get_ciphers()


ASKED = """
import sys, time
sys.path[:0] = sys.argv[1:2]
from serving.loading import TransientError
from serving.loading.s3 import reader
environ = {"AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}
for address, bundle in ((sys.argv[2], sys.argv[3]), (sys.argv[2], ""),
                        (sys.argv[2].replace("127.0.0.1", "localhost"), sys.argv[3])):
    here = {**environ, "AWS_ENDPOINT_URL_S3": address, "AWS_CA_BUNDLE": bundle}
    try:
        print(reader("bucket", here)("key", 4, time.monotonic() + 10).decode())
    except TransientError as error:
        print(str(error)[:16])
"""


@each_minor
def test_every_python_at_hand_verifies(minor: int, tls_s3: FakeS3, certificate: Path) -> None:
    lambda_source = str(Path(module.__file__).parents[2])
    pythons = pythons_of(minor)
    for python in pythons:
        command = [str(python), "-I", "-c", ASKED, lambda_source, tls_s3.url, str(certificate)]
        child = subprocess.run(command, capture_output=True, text=True)
        assert child.stdout.splitlines() == ["data", *["S3's certificate"] * 2], child.stderr
    assert len(tls_s3.calls) == len(pythons)


def test_a_body_of_many_records_comes_whole(tls_s3: FakeS3, certificate: Path) -> None:
    body = bytes(range(256)) * 4096
    tls_s3.objects["/bucket/large"] = body
    environ = tls_s3.environ() | {"AWS_CA_BUNDLE": str(certificate)}
    assert reader("bucket", environ)("large", len(body), time.monotonic() + SOON) == body


def test_tls_that_ends_in_the_middle_is_told(tls_s3: FakeS3, certificate: Path) -> None:
    environ = tls_s3.environ() | {"AWS_CA_BUNDLE": str(certificate)}
    for fault in (fake_s3.truncated(2), fake_s3.reset, fake_s3.raw(b"")):
        tls_s3.faults["/bucket/key"] = [fault]
        with pytest.raises(TransientError, match=r"closed the connection|no connection to S3"):
            reader("bucket", environ)("key", 4, time.monotonic() + SOON)


def test_a_second_address_is_tried_where_the_first_refuses() -> None:
    # Where localhost has no IPv6 address, this shows only that its one is reached.
    with FakeS3({"/bucket/key": b"data"}) as s3:
        environ = s3.environ() | {"AWS_ENDPOINT_URL_S3": s3.url.replace("127.0.0.1", "localhost")}
        assert reader("bucket", environ)("key", 4, time.monotonic() + SOON) == b"data"


def test_the_roots_that_travel_along_are_amazons() -> None:
    """By fingerprint, from https://www.amazontrust.com/repository/."""
    files = sorted(Path(module._ROOTS).glob("*.0"))
    names = {
        hashlib.sha256(ssl.PEM_cert_to_DER_cert(file.read_text())).hexdigest() for file in files
    }
    for file in files:
        command = ["openssl", "x509", "-noout", "-subject_hash", "-in", str(file)]
        called = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
        assert file.name == f"{called}.0", "where OpenSSL looks for it"
    assert names == {
        "8ecde6884f3d87b1125ba31ac3fcb13d7016de7f57cc904fe1cb97c6ae98196e",
        "1ba5b2aa8c65401a82960118f80bec4f62304d83cec4713a19c39c011ea46db4",
        "18ce6cfe7bf14e60b2e347b8dfe868cb31d02ebb3ada271569f50343b46db3a4",
        "e35d28419ed02025cfa69038cd623962458da5c695fbdea3c22b0bfb25897092",
        "568d6905a2c88708a4b3025190edcfedb1974a606a13c6e5290fcb2ae63edab5",
    }
