"""Reading objects from S3 with nothing but a signed GET, and boto3 only where that cannot do."""

from __future__ import annotations

import os
import re
import threading
import time
from importlib import import_module

from serving.loading import LoadError, TransientError, UntrustedError
from serving.loading.http_get import Address, get
from serving.loading.sigv4 import Credentials, quote_path, sign

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from serving.loading.http_get import Context

    Read = Callable[[str, int, float], bytes | bytearray]
    """(key, exact size in bytes, deadline in seconds of `time.monotonic`) -> the object."""

# Partitions by the prefix of the region's name; botocore/data/partitions.json.
_DNS_SUFFIXES = {
    "cn-": "amazonaws.com.cn",
    "us-iso-": "c2s.ic.gov",
    "us-isob-": "sc2s.sgov.gov",
    "eu-isoe-": "cloud.adc-e.uk",
    "us-isof-": "csp.hci.ic.gov",
    "eusc-": "amazonaws.eu",
}
# Amazon's own root certificates (amazontrust.com/repository), which S3's chains end in: the files
# of this folder that are called by the hash of their subject, as OpenSSL looks for them. It reads
# the one that a chain ends in, in a third of a millisecond; all five would take 1.5, and the
# system's hundred and forty some 40.
_ROOTS = os.path.dirname(__file__)
_RETRIED = frozenset((408, 425, 429, 500, 502, 503, 504))


def endpoint(environ: Mapping[str, str]) -> str | None:
    """The custom S3 endpoint of the environment, by the SDKs' own variables; None for AWS's."""
    if environ.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "").lower() == "true":
        return None
    return environ.get("AWS_ENDPOINT_URL_S3") or environ.get("AWS_ENDPOINT_URL") or None


def locate(bucket: str, region: str, custom: str | None) -> tuple[str, str]:
    """Base URL and path prefix of a bucket: virtual-hosted on AWS, path style elsewhere.

    A bucket with dots is addressed by path too: the certificate's wildcard covers one label.
    """
    if custom:
        return custom.rstrip("/"), f"/{bucket}/"
    suffix = next((s for p, s in _DNS_SUFFIXES.items() if region.startswith(p)), "amazonaws.com")
    if "." in bucket:
        return f"https://s3.{region}.{suffix}", f"/{bucket}/"
    return f"https://{bucket}.s3.{region}.{suffix}", "/"


def trust(roots: str | None) -> Context:
    """A context that verifies names and chains against a file or a folder of roots, or against the
    system's store."""
    if roots is None:
        from ssl import create_default_context

        return create_default_context()
    # What ssl.SSLContext is made of: a client's verifies chain and name unless told otherwise.
    # Imported here because plain HTTP needs none.
    from _ssl import PROTOCOL_TLS_CLIENT, _SSLContext

    context = _SSLContext(PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(*((None, roots) if os.path.isdir(roots) else (roots,)))
    return context


class SignedReader:
    """Reads objects of one bucket with the environment's access key; callable as a `Read`. `roots`
    is the file or folder of the authorities that it trusts, None over plain HTTP."""

    def __init__(
        self, bucket: str, region: str, credentials: Credentials, environ: Mapping[str, str]
    ) -> None:
        base, within = locate(bucket, region, endpoint(environ))
        scheme, _, rest = base.partition("://")
        authority, slash, prefix = rest.partition("/")
        host, colon, explicit_port = authority.rpartition(":")
        if not colon or authority.endswith("]"):  # no port, or an IPv6 address without one
            host, explicit_port = authority, ""
        default = {"http": "80", "https": "443"}.get(scheme)
        port = explicit_port or default
        if not host or port is None or not (port.isascii() and port.isdecimal()):
            raise LoadError("the S3 endpoint is not an http or https URL")
        self.host = host.lower() + ("" if port == default else f":{port}")
        self.roots = (environ.get("AWS_CA_BUNDLE") or _ROOTS) if scheme == "https" else None
        self.address = Address(host.strip("[]"), int(port), self._trust if self.roots else None)
        self._tls: Context | None = None
        self._making = threading.Lock()
        self.prefix = slash + prefix + within
        self.region = region
        self.credentials = credentials

    def __call__(self, key: str, size: int, deadline: float) -> bytes | bytearray:
        """Raises `TransientError` where another attempt may help, else `LoadError`."""
        path = quote_path(self.prefix + key)

        def headers() -> Mapping[str, str]:
            timestamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
            return sign(
                self.credentials,
                region=self.region,
                host=self.host,
                path=path,
                timestamp=timestamp,
            )

        try:
            status, body = get(self.address, path, headers, size=size, deadline=deadline)
        except UntrustedError:
            # Another authority than Amazon's, as a proxy or a private endpoint may have: ask
            # the system's own store, which the next attempt will.
            self._tls = trust(None)
            raise
        if status == 200:
            return body
        code = re.search(rb"<Code>([A-Za-z.]{1,64})</Code>", body)
        reason = f"S3 answered {status}" + (f" {code[1].decode()}" if code else "")
        raise (TransientError if status in _RETRIED else LoadError)(reason)

    def prepare(self) -> None:
        """Loads OpenSSL and makes ready what verifies, for whoever reads in another thread: there
        it would take turns with what this one computes. Raises `LoadError`."""
        import_module("_hashlib")
        if self.roots:
            self._trust()

    def _trust(self) -> Context:
        with self._making:
            if self._tls is None:
                try:
                    self._tls = trust(self.roots)
                except OSError as error:
                    reason = f"AWS_CA_BUNDLE cannot be read: {type(error).__name__}"
                    raise LoadError(reason) from error
            return self._tls


def _boto3_reader(bucket: str) -> Read:
    """For credentials that only an SDK can find: container endpoints (SnapStart), profiles."""
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError

    config = Config(connect_timeout=1, read_timeout=2, retries={"total_max_attempts": 1})
    client = boto3.client("s3", config=config)

    def read(key: str, size: int, deadline: float) -> bytes:
        if time.monotonic() >= deadline:
            raise TransientError("no complete answer from S3 in time")
        try:
            answer = client.get_object(Bucket=bucket, Key=key)
            if answer["ContentLength"] != size:
                raise LoadError(f"the object has another length than the {size} bytes pinned")
            body: bytes = answer["Body"].read()
        except ClientError as error:
            status = error.response["ResponseMetadata"]["HTTPStatusCode"]
            kind = TransientError if status in _RETRIED else LoadError
            raise kind(f"S3 answered {status} {error.response['Error']['Code']}") from error
        except BotoCoreError as error:
            raise TransientError(f"no answer from S3: {type(error).__name__}") from error
        return body

    return read


def reader(bucket: str, environ: Mapping[str, str] = os.environ) -> Read:
    """What reads objects of `bucket` with the credentials this environment has."""
    access_key = environ.get("AWS_ACCESS_KEY_ID")
    secret_key = environ.get("AWS_SECRET_ACCESS_KEY")
    region = environ.get("AWS_REGION") or environ.get("AWS_DEFAULT_REGION")
    if not access_key or not secret_key or not region:
        return _boto3_reader(bucket)
    token = environ.get("AWS_SESSION_TOKEN") or None
    return SignedReader(bucket, region, Credentials(access_key, secret_key, token), environ)
