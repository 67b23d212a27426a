"""The live document: a whole session as JSON with a version, so that a newer release still reads an older one."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from companion.core.model import SessionState

VERSION = 1


class CannotRead(Exception):
    """A live document that this release does not understand."""


@dataclass(frozen=True, slots=True)
class _Document:
    v: int
    state: SessionState


class _Version(msgspec.Struct):
    v: int


_decoder = msgspec.json.Decoder(_Document)


def write(state: SessionState) -> bytes:
    """The document of a session."""
    return msgspec.json.encode(_Document(VERSION, state))


def read(document: bytes) -> SessionState:
    """The session of a document; fields that were not known when it was written get their defaults."""
    try:
        found = _decoder.decode(document)
    except msgspec.DecodeError:
        # A newer document may have any shape, so ask for its version before calling it broken.
        found = None
    version = found.v if found else _version(document)
    if version > VERSION:
        raise CannotRead(f"this session was saved by a newer release (document {version}, we read up to {VERSION})")
    if found is None:
        raise CannotRead("this session's document is broken")
    return found.state


def _version(document: bytes) -> int:
    try:
        return msgspec.json.decode(document, type=_Version).v
    except msgspec.DecodeError:
        return 0
