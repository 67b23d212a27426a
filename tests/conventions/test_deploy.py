"""deploy/ cannot be run here as a whole, so it is read: what it names exists, and what it must not do it does not."""

from __future__ import annotations

import configparser
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from companion.live.wire import MOST_BYTES
from companion.secret_files import SECRETS
from companion.service.presence import PING_SECONDS, PING_WAIT_SECONDS
from companion.settings import Settings, from_environment
from companion.web.cookies import access_cookie
from companion.web.guards import LONGEST_FORM
from companion.web.people_import import LARGEST

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
NGINX = (DEPLOY / "nginx/nginx.conf").read_text()
DOCKERFILE = (DEPLOY / "Dockerfile").read_text()
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
SOURCE = "\n".join(path.read_text() for path in sorted((ROOT / "companion").rglob("*.py")))
KNOWN = set(re.findall(r'"(COMPANION_[A-Z_]+|PORT|DATABASE_URL)"', SOURCE)) | {f"{name}_FILE" for name in SECRETS}
NAME = re.compile(r"\b(COMPANION_[A-Z_]+|DATABASE_URL(?:_FILE)?)\b")


@pytest.mark.parametrize(
    "file", sorted(path for path in DEPLOY.rglob("*") if path.is_file()), ids=lambda path: path.name
)
def test_every_setting_that_is_named_is_one(file: Path) -> None:
    assert set(NAME.findall(file.read_text())) - KNOWN == set()


def test_the_nodes_differ_in_their_name_and_their_place_alone() -> None:
    one, other = (settings_of(name) for name in ("node-a", "node-b"))

    assert {name for name in one if one[name] != other[name]} == {"COMPANION_NODE"}
    assert one.keys() == other.keys()


def test_the_nodes_can_be_served_with_these_settings(tmp_path: Path) -> None:
    secrets = {"secret_key": "k" * 40, "database_url": "postgresql://a:b@postgres/c", "mail_url": "smtp://mail:25"}
    secrets["redis_url"] = "redis://:word@valkey:6379/0"
    for name, content in secrets.items():
        (tmp_path / name).write_text(content + "\n")
    env = {
        name: value.replace("/run/secrets", str(tmp_path)).partition(":?")[0]
        for name, value in settings_of("node-a").items()
    }
    env |= {"COMPANION_BASE_URL": "https://evenings.example.org", "COMPANION_MAIL_FROM": "hello@example.org"}

    settings = from_environment(env)

    assert (settings.secret_key, settings.redis) == (secrets["secret_key"], secrets["redis_url"])
    assert settings.database == "postgresql+psycopg://a:b@postgres/c"
    assert (settings.trusted_proxies, settings.secure, settings.mail) == (1, True, "smtp://mail:25")


def test_no_secret_stands_in_an_environment() -> None:
    given = {name for service in SERVICES.values() for name in service.get("environment", {})}

    assert given & {*SECRETS, "POSTGRES_PASSWORD"} == set()


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_container_is_closed(name: str) -> None:
    service = SERVICES[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert int(service["user"].partition(":")[0]) > 0
    assert "healthcheck" in service
    assert "privileged" not in service
    assert not any("docker.sock" in str(volume) for volume in service.get("volumes", []))


def test_every_secret_volume_and_network_is_declared_and_used() -> None:
    used = {
        kind: {named for each in SERVICES.values() for named in _of(each, kind)} for kind in ("secrets", "networks")
    }
    volumes = {
        volume.partition(":")[0]
        for each in SERVICES.values()
        for volume in each.get("volumes", [])
        if not volume.startswith(".")
    }

    assert used == {kind: set(COMPOSE[kind]) for kind in used}
    assert volumes == set(COMPOSE["volumes"])
    in_readme = (DEPLOY / "README.md").read_text()
    assert [name for name in COMPOSE["secrets"] if not re.search(rf"\b{name}\b", in_readme)] == []


def test_only_nginx_can_be_reached() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["nginx"]
    assert COMPOSE["networks"]["inside"]["internal"] is True
    for name in ("postgres", "valkey"):
        assert SERVICES[name]["networks"] == ["inside"]


def test_nginx_knows_where_the_nodes_are() -> None:
    nodes = [service for name, service in SERVICES.items() if name.startswith("node-")]
    there = {f"{node['networks']['inside']['ipv4_address']}:8000" for node in nodes}

    named = set(re.findall(r"^server (\S+) ", (DEPLOY / "nginx/nodes.conf").read_text(), re.MULTILINE))

    assert named == there


def test_nginx_keeps_to_what_the_nodes_expect() -> None:
    assert access_cookie(Settings(base_url="https://evenings.example.org")) in NGINX
    assert _bytes("client_max_body_size") >= max(LONGEST_FORM, MOST_BYTES)
    assert _bytes("client_max_body_size", NGINX.partition("location /desk/")[2]) >= LARGEST
    for scope in (NGINX, NGINX.partition("location /desk/")[2]):
        assert _bytes("client_body_buffer_size", scope) >= _bytes("client_max_body_size", scope), "bodies go to a disk"
    seconds = int(re.findall(r"proxy_read_timeout (\d+)s", NGINX)[0])
    assert seconds > 2 * (PING_SECONDS + PING_WAIT_SECONDS)
    assert "proxy_buffering off" in NGINX.partition("location /socket.io/")[2].partition("}")[0]


def test_nginx_writes_down_nobodys_address_or_link() -> None:
    assert re.findall(r"access_log (\S+);", NGINX) == ["off"]
    assert re.findall(r"error_log \S+ (\S+);", NGINX) == ["alert"]


def test_a_browser_cannot_say_where_it_comes_from() -> None:
    proxy = (DEPLOY / "nginx/proxy.conf").read_text()

    assert "X-Forwarded-For $remote_addr;" in proxy
    assert "$proxy_add_x_forwarded_for" not in proxy + NGINX
    for block in re.findall(r"location [^{]+\{([^}]*proxy_pass[^}]*)\}", NGINX):
        assert "include proxy.conf;" in block


def test_the_image_holds_what_the_program_reads_and_no_more() -> None:
    copied = re.findall(r"^COPY (?!--from)(\S+) (\S+)$", DOCKERFILE, re.MULTILINE)
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines()

    assert {source for source, _ in copied} == {
        "requirements/run.txt",
        "companion",
        "integrations",
        "templates",
        "static",
    }
    assert all((ROOT / source).exists() and f"!{source}" in ignored for source, _ in copied)
    assert ignored[0] == "*"
    assert "--require-hashes" in DOCKERFILE
    assert re.findall(r"^USER (\d+)", DOCKERFILE, re.MULTILINE)[-1] == SERVICES["node-a"]["user"].partition(":")[0]


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_every_unit_is_closed_and_has_no_secret_in_its_environment(unit: Path) -> None:
    service = _lines_of(unit)

    for line in ("NoNewPrivileges=yes", "ProtectSystem=strict", "ProtectHome=yes", "PrivateTmp=yes", "UMask=0077"):
        assert line in service
    assert "CapabilityBoundingSet=" in service
    assert any(line.startswith("User=") and line != "User=root" for line in service)
    set_here = re.findall(
        r"([A-Z_]+)=", " ".join(line.partition("=")[2] for line in service if line.startswith("Environment="))
    )
    assert set(set_here) & set(SECRETS) == set()
    handed = set(re.findall(r"%d/(\w+)", unit.read_text()))
    assert handed == set(re.findall(r"^LoadCredential=(\w+):", unit.read_text(), re.MULTILINE))


def test_the_timer_has_its_service() -> None:
    parsed = configparser.ConfigParser(strict=False)
    parsed.read(DEPLOY / "systemd/companion-backup.timer")

    assert parsed["Install"]["WantedBy"] == "timers.target"
    assert (DEPLOY / "systemd/companion-backup.service").exists()


def settings_of(name: str) -> dict[str, str]:
    """The settings of a node in compose.yaml."""
    return dict(SERVICES[name]["environment"])


def _of(service: dict[str, Any], kind: str) -> list[str]:
    return list(service.get(kind, []))


def _bytes(directive: str, scope: str = NGINX) -> int:
    number, unit = re.findall(rf"{directive} (\d+)(k?);", scope)[0]
    return int(number) * (1024 if unit else 1)


def _lines_of(unit: Path) -> list[str]:
    return unit.read_text().splitlines()
