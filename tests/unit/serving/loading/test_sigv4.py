"""The signature is botocore's, whatever the keys, names and times."""

from __future__ import annotations

from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotocoreCredentials
from botocore.utils import percent_encode
from hypothesis import given
from hypothesis import strategies as st
from serving.loading.sigv4 import Credentials, quote_path, sign

KEYS = st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), min_size=1, max_size=60)
SECRETS = st.text("abcXYZ019+/=", min_size=1, max_size=60)


def _botocore(
    credentials: BotocoreCredentials, region: str, url: str, timestamp: str
) -> dict[str, str]:
    request = AWSRequest(method="GET", url=url)
    request.context["timestamp"] = timestamp
    request.context["payload_signing_enabled"] = True
    auth = S3SigV4Auth(credentials, "s3", region)
    auth._modify_request_before_signing(request)
    canonical = auth.canonical_request(request)
    signature = auth.signature(auth.string_to_sign(request, canonical), request)
    auth._inject_signature_to_request(request, signature)
    return {name.lower(): value for name, value in request.headers.items()}


@given(
    key=KEYS,
    secret=SECRETS,
    token=st.none() | SECRETS,
    region=st.sampled_from(["us-east-1", "eu-north-1", "cn-north-1", "us-gov-west-1"]),
    host=st.sampled_from(["bucket.s3.eu-north-1.amazonaws.com", "127.0.0.1:4566", "[::1]:9000"]),
    timestamp=st.datetimes().map(lambda t: f"{t.year:04}{t:%m%dT%H%M%SZ}"),
)
def test_equals_botocore(
    key: str, secret: str, token: str | None, region: str, host: str, timestamp: str
) -> None:
    path = quote_path("/" + key)
    ours = sign(
        Credentials("AKIAEXAMPLE", secret, token),
        region=region,
        host=host,
        path=path,
        timestamp=timestamp,
    )
    theirs = _botocore(
        BotocoreCredentials("AKIAEXAMPLE", secret, token), region, f"http://{host}{path}", timestamp
    )
    assert ours["authorization"] == theirs["authorization"]
    signed = {name: value for name, value in ours.items() if name not in ("host", "authorization")}
    assert signed == {name: theirs[name] for name in signed}


@given(KEYS)
def test_path_is_quoted_as_botocore_quotes_keys(key: str) -> None:
    assert quote_path(key) == percent_encode(key, safe="/~")
