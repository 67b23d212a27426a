"""Compiles the small C programs of the benchmark with the machine's own compiler, once for each state of their text."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).parent
WORK = HERE / ".work"  # whatever is made while measuring, and not worth keeping
FLAGS = ("-O2", "-Wall", "-Wextra", "-Werror", "-D_GNU_SOURCE")
LINKED = {"load": (), "floor": ("-lsqlite3", "-lpthread"), "shim": ("-shared", "-fPIC", "-ldl")}


class Missing(Exception):
    """Something that the benchmark needs is not on this machine; the message says what."""


def built(name: str) -> Path:
    """The program (or the library) made of the folder ``name``. Raises Missing."""
    sources = sorted((HERE / name).glob("*.c"))
    text = b"".join(path.read_bytes() for path in (*sources, *sorted((HERE / name).glob("*.h"))))
    made = WORK / f"{name}-{hashlib.sha256(text).hexdigest()[:16]}"
    if not made.exists():
        _compile(name, sources, made)
    return made


def _compile(name: str, sources: list[Path], made: Path) -> None:
    compiler = shutil.which(os.environ.get("CC", "cc"))
    if compiler is None:
        raise Missing("a C compiler (`make bench` installs one on Debian and Ubuntu)")
    WORK.mkdir(exist_ok=True)
    fresh = made.with_suffix(f".{os.getpid()}")
    command = [compiler, *FLAGS, "-o", str(fresh), *map(str, sources), *LINKED[name]]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise Missing(f"what {name} is compiled with:\n{done.stderr.strip()}")
    fresh.replace(made)
