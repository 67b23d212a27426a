"""Clients of Redis or Valkey that never wait for long and never try again by themselves."""

from __future__ import annotations

from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

SECONDS = 0.4


def connect(url: str, seconds: float = SECONDS) -> Any:
    """A client for native threads; connects when it is used first. Raises ValueError for an address of another kind."""
    return redis.Redis.from_url(
        url,
        socket_timeout=seconds,
        socket_connect_timeout=seconds,
        retry=Retry(NoBackoff(), 0),
        protocol=2,
    )


def answers(url: str) -> bool:
    """Whether a server is there and lets us in."""
    client = connect(url, 2.0)
    try:
        return bool(client.ping())
    except RedisError:
        return False
    finally:
        client.close()
