"""A certificate authority for one run: what the loopback S3 shows, and what the functions trust.

The chain is as long as Amazon's: a root, which the functions trust as they trust Amazon's, an
authority that it vouches for, and the server's certificate, RSA keys of 2,048 bits all of them.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

_DAYS = "2"
_AUTHORITY = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n"
_SERVER = (
    "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature,keyEncipherment\n"
    "extendedKeyUsage=serverAuth\nsubjectAltName=IP:127.0.0.1,DNS:localhost\n"
)


class Authority:
    """Made in `folder` by the `openssl` command.

    `server` is a file with the private key and the chain of 127.0.0.1, `root` the certificate that
    the chain ends in. Raises `OSError` where there is no openssl.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.root = folder / "root.pem"
        self._openssl(
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", _DAYS, "-subj", "/CN=Root",
            "-addext", "keyUsage=critical,keyCertSign,cRLSign",
            "-keyout", "root.key", "-out", "root.pem",
        )  # fmt: skip
        self._issue("intermediate", "root", _AUTHORITY)
        self._issue("leaf", "intermediate", _SERVER)
        self.server = folder / "server.pem"
        parts = ("leaf.key", "leaf.pem", "intermediate.pem")
        self.server.write_bytes(b"".join((folder / part).read_bytes() for part in parts))

    def add_to(self, folder: Path) -> None:
        """Puts the root into a folder of roots, under the name that OpenSSL looks for."""
        name = self._openssl("x509", "-noout", "-subject_hash", "-in", "root.pem").decode().strip()
        (folder / f"{name}.0").write_bytes(self.root.read_bytes())

    def added_to(self, bundle: Path) -> Path:
        """A file with the certificates of `bundle`, in PEM, and the root beside them."""
        file = self._folder / f"{bundle.stem}-and-root.pem"
        file.write_bytes(bundle.read_bytes() + b"\n" + self.root.read_bytes())
        return file

    def _issue(self, name: str, by: str, extensions: str) -> None:
        """A key and a certificate in `name`.key and .pem, which the authority `by` has signed."""
        (self._folder / f"{name}.ext").write_text(extensions)
        self._openssl(
            "req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}",
            "-keyout", f"{name}.key", "-out", f"{name}.csr",
        )  # fmt: skip
        self._openssl(
            "x509", "-req", "-in", f"{name}.csr", "-CA", f"{by}.pem", "-CAkey", f"{by}.key",
            "-CAcreateserial", "-days", _DAYS, "-extfile", f"{name}.ext", "-out", f"{name}.pem",
        )  # fmt: skip

    def _openssl(self, *arguments: str) -> bytes:
        command = ["openssl", *arguments]
        done = subprocess.run(command, cwd=self._folder, capture_output=True)
        if done.returncode:
            message = done.stderr.decode("utf-8", "replace").strip()
            raise OSError(f"openssl {arguments[0]} failed: {message}")
        return done.stdout
