"""Server-side request forgery: every way to write a place that is nobody's business."""

from __future__ import annotations

import socket

import pytest
from clothes.fetch import addresses
from clothes.fetch.fetcher import Fetcher
from serving.http.problems import Problem

from tests.unit.clothes.fetch.conftest import PUBLIC, Network, refusal

NOT_PUBLIC = [
    "0.0.0.0",  # noqa: S104 - it is refused
    "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.100.100.200",
    "100.127.255.255", "127.0.0.1", "127.1.2.3", "127.255.255.255", "169.254.0.1",
    "169.254.169.253", "169.254.169.254", "169.254.170.2", "169.254.170.23", "172.16.0.1",
    "172.31.255.255", "192.0.0.1", "192.0.0.170", "192.0.0.192", "192.0.2.1", "192.88.99.1",
    "192.168.0.1", "192.168.255.255", "198.18.0.1", "198.19.255.255", "198.51.100.1",
    "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254",
    "::ffff:8.8.8.8", "::ffff:0:127.0.0.1", "64:ff9b::127.0.0.1", "64:ff9b::169.254.169.254",
    "64:ff9b::8.8.8.8", "64:ff9b:1::a00:1", "100::1", "2001::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:2::1", "2001:10::1", "2001:20::1", "2001:db8::1", "2002:7f00:1::", "2002:a9fe:a9fe::1",
    "2002:808:808::1", "3fff::1", "5f00::1", "fc00::1", "fd00::1", "fd00:ec2::254", "fd20:ce::254",
    "fe80::1", "fe80::a9fe:a9fe", "fec0::1", "ff02::1", "ff0e::1",
]  # fmt: skip
IS_PUBLIC = [
    "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0",
    "126.255.255.255", "128.0.0.0", "169.253.255.255", "169.255.0.0", "172.15.255.255",
    "172.32.0.0", "192.0.1.0", "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0",
    "223.255.255.255", "2600:1f18::1", "2606:4700:4700::1111", "2a00:1450:4001:82a::200e",
]  # fmt: skip


@pytest.mark.parametrize("text", NOT_PUBLIC)
def test_not_public(text: str) -> None:
    address = addresses.parse(text)
    assert address is not None
    assert not addresses.is_public(address)


@pytest.mark.parametrize("text", IS_PUBLIC)
def test_public(text: str) -> None:
    address = addresses.parse(text)
    assert address is not None
    assert addresses.is_public(address)
    assert not addresses.is_loopback(address)


@pytest.mark.parametrize("text", ["fe80::1%eth0", "fe80::1%1", "::1%lo", "x", "", "127.1", "1"])
def test_zones_and_short_forms_are_no_addresses(text: str) -> None:
    assert addresses.parse(text) is None


def test_only_loopback_is_loopback() -> None:
    loopback = [
        text for text in NOT_PUBLIC if (a := addresses.parse(text)) and addresses.is_loopback(a)
    ]
    assert loopback == ["127.0.0.1", "127.1.2.3", "127.255.255.255", "::1"]


def bracketed(address: str) -> str:
    return f"[{address}]" if ":" in address else address


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_in_a_url_it_is_refused_and_nobody_is_asked(address: str) -> None:
    network = Network({})
    problem = refusal(network.fetcher(), f"https://{bracketed(address)}/x.png")
    assert problem.type.slug == "refused-host"
    assert (network.looked_up, network.connected) == ([], [])


@pytest.mark.parametrize("address", NOT_PUBLIC)
@pytest.mark.parametrize("order", ["alone", "first", "last"])
def test_behind_a_name_it_is_refused_and_not_connected_to(address: str, order: str) -> None:
    by_case = {"alone": [address], "first": [address, PUBLIC], "last": [PUBLIC, PUBLIC, address]}
    network = Network({"pictures.example": by_case[order]})
    problem = refusal(network.fetcher(), "https://pictures.example/x.png")
    assert problem.type.slug == "refused-host"
    assert network.connected == []


@pytest.mark.parametrize("found", [["fe80::1%eth0"], [PUBLIC, "::1%lo"], ["nonsense"], []])
def test_what_is_no_plain_address_is_refused(found: list[str]) -> None:
    network = Network({"pictures.example": found})
    assert refusal(network.fetcher(), "https://pictures.example/").type.slug == "refused-host"
    assert network.connected == []


def test_a_name_that_does_not_exist_is_answered_as_a_private_one() -> None:
    network = Network({"private.example": ["10.0.0.1"]})
    unknown = refusal(network.fetcher(), "https://unknown.example/")
    private = refusal(network.fetcher(), "https://private.example/")
    assert unknown.body("1") == private.body("1")


def test_a_lookup_that_fails_for_now_is_the_other_side_s_fault() -> None:
    def fail(*_: object) -> list[str]:
        raise socket.gaierror(socket.EAI_AGAIN, "later")

    problem = refusal(Fetcher(resolve=fail), "https://pictures.example/")
    assert problem.type.slug == "picture-not-fetched"
    assert problem.headers["Retry-After"]


HOSTS = [
    # What libraries read as 127.0.0.1, 169.254.169.254 or 10.0.0.1 though it is not written so.
    "2130706433", "017700000001", "0x7f000001", "0x7F.1", "0x7f.0.0.1", "0177.0.0.1", "127.1",
    "127.0.1", "127.0.0.1.", "127.0.0.01", "127.0.0.0x1", "127.000.000.001", "0", "00", "0x", "0.",
    "1.1", "2852039166", "0xa9fea9fe", "025177524776", "169.254.43518", "169.16689662",
    "0xa9.0xfe.0xa9.0xfe", "0251.0376.0251.0376", "169.254.169.254.", "10.1", "012.0.0.1",
    "1.2.3.4.5", "256.256.256.256", "127.0.0.256", "999.1.1.1", "4294967296", "a.b.0x1", "a.1",
    "127.0.0.1%00", "127.0.0.1%2e", "%31%32%37.0.0.1", "127%2e0%2e0%2e1",
    "[::1%25lo]", "[fe80::1%25eth0]", "[::1", "::1", "[::1]x", "[]", "[x]", "[:]",
    "[127.0.0.1]x", "[v1.x]",
    # In brackets is IPv6 or nothing: a resolver takes these for IPv4 addresses, and for names.
    "[134744072]", "[2130706433]", "[0x7f000001]", "[017700000001]", "[0x8080808]", "[8.8.8.8]",
    "[127.0.0.1]", "[127.1]", "[8.526344]", "[0177.0.0.1]", "[010.8.8.8]", "[00]", "[0x]",
    "[cafe]", "[fade.bed]", "[cafe.]", "[...]", "[1.2.3.4.5.6.7.8]", "[1:2]", "[:::]", "[::1::]",
    "[1:2:3:4:5:6:7:8:9]", "[::12345]", "[::ffff:256.1.1.1]", "[::ffff:1.1]", "[::01.1.1.1]",
    # Look-alikes that a browser would normalise into digits, dots and letters.
    "１２７.0.0.1", "①②⑦.⓪.⓪.①", "127。0。0。1", "127．0．0．1", "ⓛocalhost", "localhoſt",
    "ʟocalhost", "exam\u00adple.com", "example\u200b.com",
    # Somebody else's name in front.
    "user@127.0.0.1", "user:word@127.0.0.1", "pictures.example@127.0.0.1", "@127.0.0.1",
    "pictures.example:443@127.0.0.1", "a:b@c@127.0.0.1", "127.0.0.1\\@pictures.example",
    "pictures.example\\.127.0.0.1", "pictures.example#@127.0.0.1 ", "pictures.example%40127.0.0.1",
    "pictures.example%23@127.0.0.1", "pictures.example%0d%0aHost:x", "pictures.example\r\nX: y",
    "pictures.example\t", "pictures.example\n", " pictures.example", "pictures.example\x00",
    "pictures.example\x7f", "pictures example", "pictures.example;x", "pictures.example&x",
    "pictures,example", "a..b", ".a.b", "a.b..", "-a.b", "a-.b", "*.b", "a!b", "a(b)", "a<b>",
    "a" * 64 + ".example", "a." * 130 + "example", "",
    # Ports.
    "pictures.example:22", "pictures.example:80", "pictures.example:8443", "pictures.example:0",
    "pictures.example:65536", "pictures.example:443443", "pictures.example:-1",
    "pictures.example:+443", "pictures.example:4_43", "pictures.example:443:80",
    "pictures.example:４４３", "pictures.example:0x1bb", "pictures.example: 443",
]  # fmt: skip


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("path", ["", "/x.png"])
def test_hosts_written_oddly_are_refused_before_anybody_is_asked(host: str, path: str) -> None:
    network = Network({}, port=1)
    problem = refusal(network.fetcher(), f"https://{host}{path}")
    assert problem.type.slug in ("refused-url", "refused-host")
    assert (network.looked_up, network.connected) == ([], [])
    assert problem.type.status == 400
    assert not host or len(host) < 3 or host not in problem.detail


SCHEMES = [
    "http://pictures.example/x.png", "HTTP://pictures.example/", "file:///etc/passwd",
    "file://localhost/etc/passwd", "FILE:///etc/passwd", "ftp://pictures.example/x.png",
    "data:image/png;base64,iVBORw0KGgo=", "gopher://127.0.0.1:6379/_INFO", "dict://127.0.0.1:11211",
    "ldap://127.0.0.1",
    "jar:https://pictures.example/!x", "javascript:alert(1)", "blob:https://x/1",
    "ws://pictures.example", "s3://bucket/key", "netdoc:///etc/passwd",
    "view-source:https://x.example",
    "//pictures.example/x.png", "/etc/passwd", "pictures.example/x.png", "pictures.example",
    "https",
    "https:", "https:/", "https://", "https:pictures.example", "https:/pictures.example",
    "https:///pictures.example",
    "https:////127.0.0.1", "https:\\\\127.0.0.1", "https://\\127.0.0.1",
    "https://?x", "https://#x", "https://:443/", "https:// pictures.example/", "\nhttps://a.example/",
    "https\n://a.example/", "ｈttps://a.example/", "httpſ://a.example/", "url:https://a.example/",
    "https://a.example/\ud800", "https://a.example/a b", "https://a.example/\x00",
    "https://a.example/\r\nX-Injected: 1", "https://a.example/?\n", "https://a.example/\u2028",
    "https://a.example/\u00a0", "https://a.example\\..\\x",
    "https://a.example/" + "x" * 2_048, "", " ",
]  # fmt: skip


@pytest.mark.parametrize("text", SCHEMES)
def test_other_schemes_and_malformed_urls_are_refused(text: str) -> None:
    network = Network({})
    problem = refusal(network.fetcher(), text)
    assert problem.type.slug == "refused-url"
    assert (network.looked_up, network.connected) == ([], [])


@pytest.mark.parametrize(
    "host", ["metadata.google.internal", "localhost", "a", "169.254.169.254.nip.example"]
)
def test_names_of_private_places_are_refused_by_what_they_resolve_to(host: str) -> None:
    network = Network({host: ["169.254.169.254"]})
    assert refusal(network.fetcher(), f"https://{host}/").type.slug == "refused-host"


def test_the_system_s_own_resolver_says_localhost_is_loopback() -> None:
    assert refusal(Fetcher(), "https://localhost/").type.slug == "refused-host"


class TestLoopbackAllowed:
    """What the stage's setting adds is this machine alone."""

    @pytest.mark.parametrize("scheme", ["http", "https"])
    @pytest.mark.parametrize(
        "address", [a for a in NOT_PUBLIC if not a.startswith("127.") and a != "::1"]
    )
    def test_other_private_addresses_stay_refused(self, scheme: str, address: str) -> None:
        network = Network({"a.example": [address], "b.example": [address, "127.0.0.1"]})
        fetcher = network.fetcher(loopback=True)
        for host in (bracketed(address), "a.example", "b.example"):
            assert refusal(fetcher, f"{scheme}://{host}/").type.slug == "refused-host"
        assert network.connected == []

    @pytest.mark.parametrize("place", ["http://a.example/", "https://a.example:8443/"])
    def test_public_addresses_are_asked_over_https_alone(self, place: str) -> None:
        network = Network({"a.example": [PUBLIC]})
        assert refusal(network.fetcher(loopback=True), place).type.slug == "refused-host"
        assert network.connected == []

    def test_odd_spellings_stay_refused(self) -> None:
        network = Network({})
        fetcher = network.fetcher(loopback=True)
        for host in ("2130706433", "0x7f.1", "127.1", "[::ffff:127.0.0.1]", "u@127.0.0.1"):
            with pytest.raises(Problem):
                fetcher.fetch(fetcher.check(f"http://{host}/"), 0.0)
        assert network.connected == []
