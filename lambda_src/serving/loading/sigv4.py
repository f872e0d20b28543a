"""AWS Signature Version 4 for requests about one S3 object, without a query.

https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
"""

from __future__ import annotations

_EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")


class Credentials:
    """An access key of the environment; `token` is None for long-lived keys."""

    __slots__ = ("access_key", "secret_key", "token")

    def __init__(self, access_key: str, secret_key: str, token: str | None) -> None:
        self.access_key = access_key
        self.secret_key = secret_key
        self.token = token


def quote_path(path: str) -> str:
    """A path percent-encoded as S3 signs it: once, every byte but the unreserved and `/`."""
    return "".join(chr(b) if b in _UNRESERVED else f"%{b:02X}" for b in path.encode())


def sign(
    credentials: Credentials,
    *,
    region: str,
    host: str,
    path: str,
    timestamp: str,
    method: str = "GET",
    payload: str = _EMPTY_SHA256,
) -> dict[str, str]:
    """The headers that authenticate `method path` at `host`, `Host` included.

    `host` is the Host header's value, `path` is already percent-encoded, `timestamp` is UTC as
    `YYYYMMDDTHHMMSSZ` and `payload` the body's SHA-256 in hex.
    """
    # What `hashlib` and `hmac` take from OpenSSL, without the other algorithms; not before it is
    # needed, since OpenSSL takes longer to load than S3 to be found.
    from _hashlib import hmac_digest, openssl_sha256

    headers = {"host": host, "x-amz-content-sha256": payload, "x-amz-date": timestamp}
    if credentials.token:
        headers["x-amz-security-token"] = credentials.token
    names = ";".join(headers)
    lines = "".join(f"{name}:{value}\n" for name, value in headers.items())
    canonical = f"{method}\n{path}\n\n{lines}\n{names}\n{payload}"
    scope = f"{timestamp[:8]}/{region}/s3/aws4_request"
    digest = openssl_sha256(canonical.encode()).hexdigest()
    to_sign = f"AWS4-HMAC-SHA256\n{timestamp}\n{scope}\n{digest}"
    signature = b"AWS4" + credentials.secret_key.encode()
    for part in (timestamp[:8], region, "s3", "aws4_request", to_sign):
        signature = hmac_digest(signature, part.encode(), "sha256")
    headers["authorization"] = (
        f"AWS4-HMAC-SHA256 Credential={credentials.access_key}/{scope}, "
        f"SignedHeaders={names}, Signature={signature.hex()}"
    )
    return headers
