"""How entries of the audit hang together: keyed digests over each entry and the one before, and a sealed head."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime

from companion.core.values import replace
from companion.records.safety import AuditEntry, AuditHead
from companion.records.tags import tag_of, tagged

HEAD = "head"
EMPTY = AuditHead(HEAD, 0, "", 0, "", "", "")


def number_of(entry: AuditEntry) -> int:
    """Its place in the chain."""
    return int(entry.id)


def chained(key: bytes, before: str, entry: AuditEntry) -> AuditEntry:
    """The entry with the digest that hangs it to the one before."""
    return replace(entry, digest=tagged(key, _words("entry", before, *_content(entry))))


def hangs(keys: Sequence[bytes], before: str, entry: AuditEntry) -> bool:
    """Whether its digest is ours, and hangs it to the one before."""
    return any(chained(key, before, entry).digest == entry.digest for key in _fitting(keys, entry.digest))


def next_head(key: bytes, head: AuditHead, at: datetime, what: str, by: str, about: str) -> AuditHead:
    """The head with one more entry, which is its last one."""
    blank = AuditEntry(f"{head.number + 1:012}", at, what, by, about, "")
    return ending_with(key, head, chained(key, head.digest, blank))


def ending_with(key: bytes, head: AuditHead, entry: AuditEntry) -> AuditHead:
    """The head with this as its last entry."""
    last = json.dumps({**asdict(entry), "at": entry.at.astimezone(UTC).isoformat()})
    return sealed(key, replace(head, number=number_of(entry), digest=entry.digest, last=last))


def sealed(key: bytes, head: AuditHead) -> AuditHead:
    """The head with the seal that nobody else can make."""
    return replace(head, seal=tagged(key, _words("head", *_content(replace(head, seal="")))))


def is_ours(keys: Sequence[bytes], head: AuditHead) -> bool:
    """Whether the seal of a head is ours; an empty one needs none."""
    return head == EMPTY or any(sealed(key, head) == head for key in _fitting(keys, head.seal))


def last_of(head: AuditHead) -> AuditEntry:
    """The last entry, as the head holds it."""
    found = json.loads(head.last)
    return AuditEntry(**{**found, "at": datetime.fromisoformat(found["at"])})


def _content(record: AuditEntry | AuditHead) -> list[str]:
    values = {**asdict(record), "digest": "" if isinstance(record, AuditEntry) else record.digest}
    return [
        value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value) for value in values.values()
    ]


def _words(*words: str) -> bytes:
    return json.dumps(words).encode()


def _fitting(keys: Sequence[bytes], digest: str) -> list[bytes]:
    return [key for key in keys if digest.startswith(f"{tag_of(key)}.")]
