"""The only module that knows which asynchronous server runs: eventlet by default, gevent by COMPANION_SERVER=gevent.

Nothing is monkey-patched. The event loop never calls what blocks: that goes through ``off_loop`` to native threads,
where locks, database drivers and argon2 behave as their authors meant them to. What threads have for the loop comes
back through a ``Courier``. Where no server runs (tests, the command line) ``off_loop`` simply calls.
"""

from __future__ import annotations

import collections
import gc
import logging
import os
import signal
import socket
import threading
import warnings
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Literal, TypeVar

T = TypeVar("T")
Kind = Literal["eventlet", "gevent", "none"]

BACKLOG = 4096  # a whole evening's phones reconnect at once after a restart
MOST_ASIDE = 64  # threads that may wait for somebody else's server at once
MOST_SOCKETS = 20_000  # eventlet stops at 1,024 unless told otherwise
GARBAGE = (10_000, 20, 1000)  # when the collector looks again; measured, see docs/decisions.md
log = logging.getLogger("companion.server")


class Crowded(Exception):
    """So many wait for somebody else's server already that one more would help nobody."""


class _Running:
    """Which server runs in this process; chosen once, before the first request."""

    kind: Kind = "none"


def choose(kind: Kind) -> None:
    """Say which server this process runs."""
    _Running.kind = kind


def off_loop(function: Callable[..., T], *args: Any, **kwargs: Any) -> T:
    """Call something that blocks in a native thread and wait for its result without holding up anybody else."""
    if _Running.kind == "eventlet":
        from eventlet import tpool

        return tpool.execute(function, *args, **kwargs)
    if _Running.kind == "gevent":
        import gevent

        # Its pool writes whatever is raised in it to the log, with the arguments: people's tokens and words.
        returned, raised = gevent.get_hub().threadpool.apply(outcome, (function, args, kwargs))
        if raised is not None:
            raise raised
        return returned
    return function(*args, **kwargs)


_aside = threading.BoundedSemaphore(MOST_ASIDE)


def aside(function: Callable[..., T], *args: Any) -> T:
    """The same in a thread of its own, for what may wait for somebody else's server: taps share none of those threads.

    Raises Crowded.
    """
    if _Running.kind == "none":
        return function(*args)
    told = _in_a_thread(function, args)
    pause = 0.002
    while not told:
        sleep(pause)
        pause = min(1.5 * pause, 0.05)
    returned, raised = told[0]
    if raised is not None:
        raise raised
    return returned


def _in_a_thread(function: Callable[..., T], args: Any) -> list[tuple[T, BaseException | None]]:
    told: list[Any] = []

    def work() -> None:
        try:
            told.append(outcome(function, args, {}))
        finally:
            _aside.release()

    if not _aside.acquire(blocking=False):
        raise Crowded
    try:
        threading.Thread(target=work, daemon=True).start()
    except RuntimeError:
        _aside.release()
        raise Crowded from None
    return told


def outcome(function: Callable[..., T], args: Any, kwargs: Any) -> tuple[T | None, BaseException | None]:
    """What a call has returned, or what it has raised."""
    try:
        return function(*args, **kwargs), None
    except BaseException as raised:
        return None, raised


def spawn(function: Callable[..., object], *args: Any) -> None:
    """Start something on the loop."""
    if _Running.kind == "eventlet":
        import eventlet

        eventlet.spawn_n(function, *args)
    elif _Running.kind == "gevent":
        import gevent

        gevent.spawn(function, *args)
    else:
        function(*args)


def sleep(seconds: float) -> None:
    """Wait on the loop."""
    if _Running.kind == "eventlet":
        import eventlet

        eventlet.sleep(seconds)
    elif _Running.kind == "gevent":
        import gevent

        gevent.sleep(seconds)


def wait_writable(green: Any, seconds: float) -> bool:
    """Wait on the loop until this socket takes bytes again; False if it did not for so long, or has been closed."""
    try:
        if _Running.kind == "eventlet":
            from eventlet.hubs import trampoline

            trampoline(green, write=True, timeout=seconds, timeout_exc=TimeoutError)
        else:
            from gevent.socket import wait_write

            wait_write(green.fileno(), timeout=seconds, timeout_exc=TimeoutError())
    except (OSError, ValueError):
        return False
    return True


class Watch:
    """Waits under eventlet, again and again, until a socket has something to read; one task at a time.

    The socket stays with the system's list of those that are watched, instead of being put there for each wait.
    """

    __slots__ = ("_listener", "_plain", "_waits")

    def __init__(self, plain: Any) -> None:
        self._plain = plain
        self._listener: Any = None  # of the loop, while it watches
        self._waits: Any = None  # the task that does

    def wait(self) -> None:
        """Wait until there may be something to read. Raises what eventlet does where the socket has been closed."""
        from eventlet.hubs import get_hub
        from greenlet import getcurrent

        hub = get_hub()
        if self._listener is None:
            self._listener = hub.add(hub.READ, self._plain.fileno(), self._ready, self._closed, None)
        self._waits = getcurrent()
        try:
            hub.switch()
        finally:
            self._waits = None

    def wake(self) -> None:
        """End a wait; called on the loop."""
        if self._waits is not None:
            self._waits.switch()

    def later(self, seconds: float, function: Callable[[], object]) -> None:
        """Call something on the loop after so long. It must not wait for anything."""
        from eventlet.hubs import get_hub

        get_hub().schedule_call_global(seconds, function)

    def end(self) -> None:
        """Watch no more. To be called before the socket is closed, whose number somebody else gets then."""
        if self._listener is not None:
            from eventlet.hubs import get_hub

            get_hub().remove(self._listener)
            self._listener = None

    def _ready(self, number: int) -> None:
        if self._waits is not None:
            self._waits.switch()
        else:
            self.end()  # its task is busy: what has come waits with the system, as with anybody who is too fast

    def _closed(self, trouble: BaseException) -> None:
        if self._waits is not None:
            self._waits.throw(trouble)


def promise() -> tuple[Callable[[Any], object], Callable[[], Any]]:
    """Something to come: how it is given, and how it is waited for, both on the loop."""
    if _Running.kind == "eventlet":
        from eventlet.event import Event

        event = Event()
        return event.send, event.wait
    from gevent.event import AsyncResult

    result = AsyncResult()
    return result.set, result.get


def runs() -> bool:
    """Whether there is a loop at all."""
    return _Running.kind != "none"


class Courier:
    """Brings work from native threads to the loop, in the order in which it was handed over."""

    def __init__(self) -> None:
        self._waiting: collections.deque[Callable[[], object]] = collections.deque()
        self._bell, self._ear = socket.socketpair()
        self._bell.setblocking(False)
        self._rung = False

    def post(self, work: Callable[[], object]) -> None:
        """Hand something over, from any thread; never waits."""
        self._waiting.append(work)
        if _Running.kind == "none":
            self._deliver()
            return
        if not self._rung:
            self._rung = True
            with suppress(BlockingIOError):  # it is ringing already
                self._bell.send(b".")

    def run(self) -> None:
        """Deliver for as long as the server runs; started once with ``spawn``."""
        ear = _loop_socket(self._ear)
        while ear.recv(4096):
            self._deliver()

    def _deliver(self) -> None:
        self._rung = False  # before looking: what comes from now on rings again
        while self._waiting:
            work = self._waiting.popleft()
            try:
                work()
            except Exception:
                log.exception("something could not be delivered")


def serve(app: Any, host: str, port: int, *, ready: Callable[[], object] = lambda: None) -> None:
    """Serve until SIGTERM or SIGINT. ``ready`` is called once the port is open."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    (_serve_gevent if _Running.kind == "gevent" else _serve_eventlet)(app, host, port, ready)


def import_quietly() -> None:
    """Load the chosen server; eventlet says good-bye on import, which is known (docs/decisions.md)."""
    if _Running.kind == "eventlet":
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import eventlet  # noqa: F401


def spare_the_collector() -> None:
    """What has been loaded stays for good: the collector of garbage need not look through it again and again.

    Looking took a third of the time and made all of the pauses. Called once, when everything is in place.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE)


def _serve_eventlet(app: Any, host: str, port: int, ready: Callable[[], object]) -> None:
    import eventlet
    import eventlet.wsgi

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = eventlet.listen((host, port), family=family, backlog=BACKLOG)
    ready()
    # Its own log would hold addresses and invite links; ours holds neither.
    eventlet.wsgi.server(
        listener, app, log=_silent(), log_output=False, max_size=MOST_SOCKETS, keepalive=75, debug=False
    )


def _serve_gevent(app: Any, host: str, port: int, ready: Callable[[], object]) -> None:
    import gevent
    from gevent import pywsgi

    # A client that has gone is no fault, and gevent would write down where it was.
    hub = gevent.get_hub()
    hub.NOT_ERROR = (*hub.NOT_ERROR, BrokenPipeError, ConnectionResetError)
    # After a WebSocket closes, pywsgi reads its frames as a bad request and would log their bytes.
    server = pywsgi.WSGIServer((host, port), app, backlog=BACKLOG, log=None, error_log=_silent())
    server.start()
    ready()
    server.serve_forever()


def _loop_socket(plain: socket.socket) -> Any:
    if _Running.kind == "eventlet":
        from eventlet.greenio import GreenSocket

        return GreenSocket(plain)
    from gevent import socket as gevent_socket

    return gevent_socket.socket(fileno=plain.detach())


def _silent() -> logging.Logger:
    quiet = logging.getLogger("companion.server.access")
    quiet.addHandler(logging.NullHandler())
    quiet.propagate = False
    return quiet


def _stop(number: int, frame: object) -> None:
    # Every acknowledged tap is on disk, so stopping at once loses nothing; pages come back by themselves.
    os._exit(0)
