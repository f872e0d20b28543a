"""Objects of S3 in the worker: read in ranges, put once, with nothing but signed requests.

A connection is kept from one request to the next. S3 out of order for a while is waited for.
"""

from __future__ import annotations

import hashlib
import http.client
import os
import re
import ssl
import time

from serving.loading.s3 import SignedReader, reader
from serving.loading.sigv4 import quote_path, sign

from batch.errors import InputChanged, Refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    Json = dict[str, Any]

STEP = 4 << 20
"""Bytes of one ranged read: what is held of an input at once."""
PATIENCE = 90.0
"""Seconds for which a request is tried again."""
_SECONDS = 20.0
_LONGEST_PAUSE = 8.0
_RETRIED = frozenset((408, 409, 425, 429, 500, 502, 503, 504))


class Unanswered(Exception):
    """S3 did not answer, for as long as was waited."""


class Bucket:
    """Objects of one bucket, by the credentials of the environment."""

    def __init__(
        self, name: str, environ: Mapping[str, str] = os.environ, patience: float = PATIENCE
    ) -> None:
        signed = reader(name, environ)
        if not isinstance(signed, SignedReader):
            raise Refused("The worker finds no credentials in its environment.")
        self.name = name
        self._signed = signed
        self._patience = patience
        self._connection: http.client.HTTPConnection | None = None

    def read(self, key: str, start: int, end: int, etag: str) -> Iterator[bytes]:
        """The bytes of a range, in pieces. Raises `InputChanged` where the object is another than
        the one with this ETag, `Refused` where it may not be read, `Unanswered`."""
        while start < end:
            stop = min(end, start + STEP)
            headers = {"if-match": etag, "range": f"bytes={start}-{stop - 1}"}
            status, body = self._request("GET", key, headers)
            if status in (404, 412, 416) or (status == 206 and len(body) != stop - start):
                raise InputChanged(f"s3://{self.name}/{key} has changed since it was planned.")
            if status != 206:
                raise self._refusal("read", key, status, body)
            yield body
            start = stop

    def get(self, key: str) -> bytes | None:
        """A small object's content, None where there is none."""
        status, body = self._request("GET", key, {})
        if status == 404:
            return None
        if status != 200:
            raise self._refusal("read", key, status, body)
        return body

    def put_new(self, key: str, content: bytes) -> None:
        """Puts an object unless there is one of this key."""
        status, body = self._request("PUT", key, {"if-none-match": "*"}, content)
        if status not in (200, 412):
            raise self._refusal("write", key, status, body)

    def _refusal(self, verb: str, key: str, status: int, body: bytes) -> Refused:
        code = re.search(rb"<Code>([A-Za-z.]{1,64})</Code>", body)
        said = f" {code[1].decode()}" if code else ""
        return Refused(f"S3 lets the worker not {verb} s3://{self.name}/{key}: {status}{said}.")

    def _request(
        self, method: str, key: str, headers: Mapping[str, str], body: bytes = b""
    ) -> tuple[int, bytes]:
        """Status and body of the answer, tried again while S3 is out of order."""
        until = time.monotonic() + self._patience
        pause = 0.1
        while True:
            try:
                status, answer = self._once(method, key, headers, body)
                if status not in _RETRIED:
                    return status, answer
                reason = f"S3 answers {status}"
            except ssl.SSLCertVerificationError as error:
                raise Refused(
                    f"S3's certificate for s3://{self.name}: {error.verify_message}. AWS_CA_BUNDLE "
                    "names the authorities of a proxy."
                ) from None
            except (OSError, http.client.HTTPException) as error:
                reason = f"no answer from S3: {type(error).__name__}"
            self._close()
            # Anything from half of the pause to all of it: workers that failed at one time do not
            # come back at one time.
            wait = pause * (0.5 + os.urandom(1)[0] / 510)
            if time.monotonic() + wait > until:
                raise Unanswered(f"{reason}, for {self._patience:.0f} seconds.")
            time.sleep(wait)
            pause = min(_LONGEST_PAUSE, pause * 2)

    def _once(
        self, method: str, key: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, bytes]:
        signed = self._signed
        path = quote_path(signed.prefix + key)
        authorised = sign(
            signed.credentials, region=signed.region, host=signed.host, path=path,
            timestamp=time.strftime("%Y%m%dT%H%M%SZ", time.gmtime()), method=method,
            payload=hashlib.sha256(body).hexdigest(),
        )  # fmt: skip
        if self._connection is None:
            self._connection = self._connect()
        self._connection.request(method, path, body or None, {**authorised, **headers})
        answer = self._connection.getresponse()
        return answer.status, answer.read()

    def _connect(self) -> http.client.HTTPConnection:
        address, roots = self._signed.address, self._signed.roots
        if roots is None:
            return http.client.HTTPConnection(address.host, address.port, timeout=_SECONDS)
        is_folder = os.path.isdir(roots)
        context = ssl.create_default_context(
            cafile=None if is_folder else roots, capath=roots if is_folder else None
        )
        # And whom the system trusts, as a start does where a proxy is between.
        context.load_default_certs()
        return http.client.HTTPSConnection(
            address.host, address.port, timeout=_SECONDS, context=context
        )

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None


class Prefix:
    """The results of a job under one prefix of a bucket."""

    def __init__(self, bucket: Bucket, prefix: str) -> None:
        self._bucket = bucket
        self._prefix = prefix

    def read(self, name: str) -> bytes | None:
        """A small object's content, None where there is none."""
        return self._bucket.get(self._prefix + name)

    def put_new(self, name: str, content: bytes) -> None:
        """Keeps an object unless there is one."""
        self._bucket.put_new(self._prefix + name, content)
