"""Looks whether a call's address answers: https alone, only on the open internet, and nothing of the answer is kept.

The address is checked where the connection is made, on the very numbers that are connected to: a name that answers
differently the second time, or a redirect into our own network, gets nowhere.
"""

from __future__ import annotations

import ipaddress
import logging
import socket
import threading
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPSConnectionPool
from urllib3.connection import HTTPSConnection

from companion.records import LinkState

log = logging.getLogger("companion.link")
MOST_REDIRECTS = 5
CONNECT_SECONDS = 4.0
READ_SECONDS = 4.0
IN_ALL_SECONDS = 15.0
REDIRECTS = frozenset({301, 302, 303, 307, 308})
NOT_FOR_US = frozenset({401, 403, 405, 429, 501})  # it is there, and keeps robots out
SECOND_LEVEL = frozenset({"ac", "co", "com", "gov", "ltd", "me", "net", "nhs", "org", "plc", "sch"})


class NotAllowed(Exception):
    """The address leads into a private network, or is not https."""


class WebProbe:
    """Implements ports.LinkProbe. ``inside``: one's own network may be asked too; ``trust``: a file of authorities."""

    def __init__(self, *, inside: bool = False, trust: str = "") -> None:
        self._inside, self._trust = inside, trust

    def look(self, address: str) -> LinkState:
        """Look in a thread of its own, so that a server that drips its answer cannot hold anybody up."""
        found: list[LinkState] = []
        thread = threading.Thread(target=lambda: found.append(self._look(address)), daemon=True)
        thread.start()
        thread.join(IN_ALL_SECONDS)
        return found[0] if found else "unreachable"

    def _look(self, address: str) -> LinkState:
        try:
            return self._follow(address)
        except NotAllowed:
            return "not_allowed"
        except (requests.RequestException, OSError, ValueError) as error:
            # Most refusals of the guard come wrapped in the library's own errors.
            return "not_allowed" if _because_not_allowed(error) else "unreachable"
        except Exception:
            log.exception("a look at a link failed")
            return "unreachable"

    def _follow(self, address: str) -> LinkState:
        at = address
        for _ in range(MOST_REDIRECTS + 1):
            status, onwards = self._ask(at)
            if status not in REDIRECTS or not onwards:
                break
            at = urljoin(at, onwards)
        else:
            return "changed"
        if status >= 500:
            return "unreachable"
        if status >= 400 and status not in NOT_FOR_US:
            return "changed"
        return "fine" if _same_house(address, at) else "changed"

    def _ask(self, address: str) -> tuple[int, str]:
        if urlsplit(address).scheme != "https":
            raise NotAllowed
        status, onwards = self._send("HEAD", address)
        # Some servers know no HEAD, or answer it with nonsense.
        return self._send("GET", address) if status >= 400 else (status, onwards)

    def _send(self, method: str, address: str) -> tuple[int, str]:
        with requests.Session() as fresh:  # a new one each time: no cookie goes from one answer to the next
            fresh.trust_env = False
            fresh.mount("https://", _Guarded(self._inside))
            fresh.headers.update({"User-Agent": "Mozilla/5.0", "Accept": "text/html"})
            answer = fresh.request(
                method,
                address,
                allow_redirects=False,
                stream=True,  # the body stays where it is
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                verify=self._trust or True,
            )
            with answer:
                return answer.status_code, answer.headers.get("Location", "")


def is_open(address: str) -> bool:
    """Whether this numeric address is one of the open internet."""
    number = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(number, ipaddress.IPv6Address):
        inner = number.ipv4_mapped or number.sixtofour or (number.teredo or (None, None))[1]
        if inner is not None:
            return is_open(str(inner))
        if number in ipaddress.ip_network("64:ff9b::/96"):
            return is_open(str(ipaddress.IPv4Address(int(number) & 0xFFFFFFFF)))
    return number.is_global and not number.is_multicast


class _Connection(HTTPSConnection):
    inside = False

    def _new_conn(self) -> socket.socket:
        found = socket.getaddrinfo(self._dns_host, self.port, type=socket.SOCK_STREAM)
        numbers = [str(one[4][0]) for one in found]
        if not self.inside and not all(is_open(number) for number in numbers):
            raise NotAllowed
        last: OSError = OSError("no address")
        for number in numbers:
            try:
                return socket.create_connection((number, self.port), CONNECT_SECONDS)
            except OSError as error:
                last = error
        raise last


class _InsideConnection(_Connection):
    inside = True


class _Pool(HTTPSConnectionPool):
    ConnectionCls = _Connection


class _InsidePool(HTTPSConnectionPool):
    ConnectionCls = _InsideConnection


class _Guarded(HTTPAdapter):
    def __init__(self, inside: bool) -> None:
        self._inside = inside
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"https": _InsidePool if self._inside else _Pool}


def _same_house(asked: str, found: str) -> bool:
    # meet.example.org may lead to eu.meet.example.org or www.example.org, but not to somebody else's house.
    one, other = (_house(urlsplit(address).hostname or "") for address in (asked, found))
    return one == other


def _house(host: str) -> tuple[str, ...]:
    labels = host.lower().rstrip(".").split(".")
    if labels[-1].isdigit() or ":" in host:
        return (host,)
    length = 3 if len(labels) > 2 and labels[-2] in SECOND_LEVEL else 2
    return tuple(labels[-length:])


def _because_not_allowed(error: BaseException | None) -> bool:
    seen = 0
    while error is not None and seen < 10:
        if isinstance(error, NotAllowed):
            return True
        within = (error.__cause__, error.__context__, getattr(error, "reason", None), *error.args)
        error, seen = next((part for part in within if isinstance(part, BaseException)), None), seen + 1
    return False
