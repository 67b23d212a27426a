"""Counts that all nodes share, in Redis. Keys are digests with a key of ours: it learns neither who nor where from."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Callable
from typing import Any

from redis.exceptions import RedisError

from companion.ports import Apart
from integrations.nodes.client import connect

REST_SECONDS = 2.0  # after a failure nobody waits for it so long
PLAIN_DAYS = 90  # a plain number is forgotten when nothing was added for so long
_RECENT = """
local now, window = tonumber(ARGV[1]), tonumber(ARGV[2])
local first = redis.call('LINDEX', KEYS[1], 0)
while first and now - tonumber(first) >= window do
  redis.call('LPOP', KEYS[1])
  first = redis.call('LINDEX', KEYS[1], 0)
end
local taken = redis.call('LLEN', KEYS[1])
"""
_TAKE = f"""{_RECENT}
local most, many = tonumber(ARGV[3]), tonumber(ARGV[4])
if taken + many > most then return -1 end
for _ = 1, many do redis.call('RPUSH', KEYS[1], ARGV[1]) end
redis.call('PEXPIRE', KEYS[1], math.ceil(window * 1000))
return most - taken - many
"""
_LOOK = f"{_RECENT} return {{first or ARGV[1], taken}}"
_ADD = """
local many = tonumber(ARGV[1])
local now = tonumber(redis.call('GET', KEYS[1]) or '0')
if many == 0 then return now end
now = math.max(0, now + many)
redis.call('SET', KEYS[1], now, 'EX', ARGV[2])
return now
"""


class RedisTallies:
    """Implements ports.Tallies. ``secret`` gives the key of the digests."""

    def __init__(self, url: str, secret: Callable[[], bytes]) -> None:
        self._redis = connect(url)
        self._secret = secret
        self._rests_until = 0.0
        self._take, self._look, self._add = (self._redis.register_script(text) for text in (_TAKE, _LOOK, _ADD))

    def take(self, key: str, at: float, window: float, most: int, many: int = 1) -> int:
        return int(self._ask(lambda name: self._take([name], [repr(at), window, most, many]), key))

    def recent(self, key: str, at: float, window: float) -> tuple[float, int]:
        first, taken = self._ask(lambda name: self._look([name], [repr(at), window]), key)
        return float(first), int(taken)

    def give_back(self, key: str) -> None:
        self._ask(self._redis.rpop, key)

    def forget(self, key: str) -> None:
        self._ask(self._redis.delete, key)

    def add(self, key: str, many: int) -> int:
        return int(self._ask(lambda name: self._add([name], [many, PLAIN_DAYS * 86_400]), f"number of {key}"))

    def _ask(self, question: Callable[[str], Any], key: str) -> Any:
        if time.monotonic() < self._rests_until:
            raise Apart
        try:
            return question(self._name(key))
        except RedisError as trouble:
            self._rests_until = time.monotonic() + REST_SECONDS
            raise Apart from trouble

    def _name(self, key: str) -> str:
        return "companion:" + hmac.digest(self._secret(), key.encode(), hashlib.sha256).hex()[:32]
