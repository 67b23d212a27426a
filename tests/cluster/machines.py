"""A real Redis and a real nginx with the configuration of deploy/, on loopback and free ports."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.live.evening import ROOT, free_port

START_SECONDS = 15.0


def program(*names: str) -> str:
    """Where one of these programs is; skips the test where none is, and fails it in CI."""
    found = next((path for name in names if (path := shutil.which(name, path=_path()))), None)
    if found is None:
        reason = f"{names[0]} is not installed: `make test-tools` brings it where apt-get is allowed"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found


class Redis:
    """A Redis, or Valkey, that keeps nothing on disk."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"redis://:a-password-of-a-test@127.0.0.1:{self.port}/0"
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, unless it is there, and wait until it answers."""
        if self._process is not None and self._process.poll() is None:
            return
        given = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        given += ["--requirepass", "a-password-of-a-test", "--dir", str(self._folder)]
        with (self._folder / "redis.log").open("ab") as log:
            self._process = subprocess.Popen(
                [*_dies_with_us(), program("valkey-server", "redis-server"), *given], stdout=log, stderr=log
            )
        until_open(self.port)

    def stop(self) -> None:
        """Stop it: everything in it is gone."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    @contextmanager
    def hung(self) -> Iterator[None]:
        """Meanwhile it takes connections and answers nobody."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._process.send_signal(signal.SIGCONT)


class Nginx:
    """The nginx of deploy/, with other ports, a certificate of its own, and these nodes behind it."""

    def __init__(self, folder: Path, port: int, nodes: tuple[int, ...]) -> None:
        self.port, self.folder = port, folder
        self.certificate = folder / "certificate.pem"
        self._process: subprocess.Popen[bytes] | None = None
        make_certificate(self.certificate, folder / "certificate.key")
        text = (ROOT / "deploy/nginx/nginx.conf").read_text()
        for ours, theirs in (
            ("/tmp/", f"{folder}/"),  # noqa: S108 - where the container may write
            ("listen 8443 ssl", f"listen 127.0.0.1:{port} ssl"),
            ("listen 8080", f"listen 127.0.0.1:{free_port()}"),
            ("/run/secrets/certificate_key;", f"{folder}/certificate.key;"),
            ("/run/secrets/certificate;", f"{self.certificate};"),
            ("error_log stderr", f"error_log {folder}/error.log"),
        ):
            assert ours in text, f"deploy/nginx/nginx.conf has no {ours!r} any more"
            text = text.replace(ours, theirs)
        (folder / "nginx.conf").write_text(text)
        servers = (ROOT / "deploy/nginx/nodes.conf").read_text().splitlines()
        lines = [line for line in servers if line.startswith("server ")]
        rest = lines[0].partition(" ")[2].partition(" ")[2]
        (folder / "nodes.conf").write_text("".join(f"server 127.0.0.1:{node} {rest}\n" for node in nodes))
        for name in ("proxy.conf", "away.conf"):
            shutil.copy(ROOT / "deploy/nginx" / name, folder / name)

    @property
    def address(self) -> str:
        """Where people open it."""
        return f"https://127.0.0.1:{self.port}"

    def check(self) -> subprocess.CompletedProcess[str]:
        """What `nginx -t` says."""
        return subprocess.run([*self._command(), "-t"], capture_output=True, text=True, check=False)

    def start(self) -> None:
        """Start it, and wait until it answers."""
        with (self.folder / "nginx.log").open("ab") as log:
            self._process = subprocess.Popen(
                [*_dies_with_us(), *self._command(), "-g", "daemon off; user root;"], stdout=log, stderr=log
            )
        until_open(self.port)

    def stop(self) -> None:
        """Stop it."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait()

    def log(self) -> str:
        """Everything it has written."""
        return "".join(path.read_text() for path in self.folder.glob("*.log"))

    def _command(self) -> list[str]:
        return [program("nginx"), "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")]


def make_certificate(certificate: Path, key: Path) -> None:
    """A certificate for 127.0.0.1 that signs itself."""
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(private, hashes.SHA256())
    )
    certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    key.write_bytes(
        private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )


def until_open(port: int) -> None:
    """Wait until something answers on this port."""
    give_up = time.monotonic() + START_SECONDS
    while True:
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert time.monotonic() < give_up, f"nothing answers on port {port}"
        time.sleep(0.02)


def _path() -> str:
    return os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin"


def _dies_with_us() -> list[str]:
    return ["setpriv", "--pdeathsig", "TERM"] if shutil.which("setpriv") else []
