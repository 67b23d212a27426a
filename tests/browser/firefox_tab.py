"""One tab of a Firefox: where it is, what stands in it, and a hand that clicks and types by real input."""

from __future__ import annotations

import base64
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.browser.bidi import Bidi, NotDone, for_script, plain

PATIENCE = 15.0  # seconds
PAUSE = 0.05

# The numbers that WebDriver gives to keys without a letter.
KEYS = {
    "Backspace": "\ue003",
    "Tab": "\ue004",
    "Enter": "\ue006",
    "Shift": "\ue008",
    "Control": "\ue009",
    "Alt": "\ue00a",
    "Escape": "\ue00c",
    "Space": " ",
    "PageUp": "\ue00e",
    "PageDown": "\ue00f",
    "End": "\ue010",
    "Home": "\ue011",
    "ArrowLeft": "\ue012",
    "ArrowUp": "\ue013",
    "ArrowRight": "\ue014",
    "ArrowDown": "\ue015",
    "Delete": "\ue017",
}

# Either an expression, whose value counts, or a function, which is called: so nobody need say which.
CALL = "async (...given) => {{ const it = ({}); return typeof it === 'function' ? it(...given) : it; }}"

# What keeps a finger from an element. The middle of its first box is where the press will land.
IN_THE_WAY = """(selector) => {
  const wanted = document.querySelector(selector);
  if (!wanted) return "not there";
  wanted.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
  const [box] = wanted.getClientRects();
  if (!box || !box.width || !box.height) return "not to be seen";
  const hit = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  if (!hit) return "outside the window";
  return wanted.contains(hit) ? "" : `under ${hit.outerHTML.slice(0, 200)}`;
}"""


class Tab:
    """A tab of a running Firefox."""

    def __init__(self, bidi: Bidi, context: str) -> None:
        self._bidi, self._context = bidi, context

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """Anything else that WebDriver BiDi can do with this tab."""
        return self._bidi.ask(method, context=self._context, **params)

    def new_tab(self) -> Tab:
        """One more tab beside this, with the same cookies."""
        made = self._bidi.ask("browsingContext.create", type="tab", referenceContext=self._context)
        return Tab(self._bidi, made["context"])

    def close(self) -> None:
        self.ask("browsingContext.close")

    def goto(self, url: str) -> None:
        """Open an address and wait until everything in it is loaded."""
        self.ask("browsingContext.navigate", url=url, wait="complete")

    def back(self) -> None:
        """One entry back in the history, and wait until that page stands; the Back button passes over entries that
        nobody touched, this does not."""
        self._traverse(-1)

    def forward(self) -> None:
        """One entry forward, and wait until that page stands."""
        self._traverse(1)

    def evaluate(self, expression: str, *args: Any) -> Any:
        """The value of an expression in the page, or what a function answers to these values; promises are awaited."""
        result = self._bidi.ask(
            "script.callFunction",
            functionDeclaration=CALL.format(expression),
            arguments=[for_script(value) for value in args],
            target={"context": self._context},
            awaitPromise=True,
        )
        if result["type"] == "exception":
            raise NotDone(f"{expression}: {result['exceptionDetails']['text']}")
        return plain(result["result"])

    def wait_for(self, expression: str, what: str, *args: Any) -> Any:
        """Ask until the answer is yes, through whatever pages come and go meanwhile; the answer."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                answer, trouble = self.evaluate(expression, *args), ""
            except NotDone as error:
                # Between two pages there is nobody to ask; and what is not there yet has no properties.
                answer, trouble = None, f" ({error})"
            if answer:
                return answer
            assert time.monotonic() < deadline, f"{what} never came: {expression} at {self.url()}{trouble}"
            time.sleep(PAUSE)

    def click(self, selector: str, pointer: str = "mouse") -> None:
        """Press and release in the middle of an element, once nothing is in the way; `pointer` may be "touch"."""
        deadline = time.monotonic() + PATIENCE
        while trouble := self.evaluate(IN_THE_WAY, selector):
            assert time.monotonic() < deadline, f"cannot click {selector}: {trouble}, at {self.url()}"
            time.sleep(PAUSE)
        hand = {"type": "pointer", "id": pointer, "parameters": {"pointerType": pointer}}
        move = {"type": "pointerMove", "x": 0, "y": 0, "origin": {"type": "element", "element": self._node(selector)}}
        down, up = {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}
        self.ask("input.performActions", actions=[{**hand, "actions": [move, down, up]}])

    def keys(self, *presses: str) -> None:
        """Type one thing after the other: a key's name, keys held together ("Shift+Tab"), or else letters."""
        actions = [action for press in presses for action in _strokes(press)]
        self.ask("input.performActions", actions=[{"type": "key", "id": "keyboard", "actions": actions}])

    def set_cookie(self, name: str, value: str, url: str) -> None:
        """A cookie as the server at this address would set it, out of the script's reach."""
        to = urlsplit(url)
        kept = {"name": name, "value": {"type": "string", "value": value}, "domain": to.hostname, "path": "/"}
        cookie = {**kept, "httpOnly": True, "secure": to.scheme == "https"}
        self._bidi.ask("storage.setCookie", cookie=cookie)

    def text(self) -> str:
        """The words that can be seen."""
        return str(self.evaluate("document.body.innerText"))

    def url(self) -> str:
        """What stands in the address bar."""
        (here,) = self._bidi.ask("browsingContext.getTree", root=self._context, maxDepth=0)["contexts"]
        return str(here["url"])

    def history_length(self) -> int:
        return int(self.evaluate("history.length"))

    def screenshot(self, path: Path) -> None:
        """A picture of the window, as PNG."""
        path.write_bytes(base64.b64decode(self.ask("browsingContext.captureScreenshot")["data"]))

    def _node(self, selector: str) -> dict[str, str]:
        found = self.ask("browsingContext.locateNodes", locator={"type": "css", "value": selector}, maxNodeCount=1)
        assert found["nodes"], f"{selector} went away before it could be clicked, at {self.url()}"
        return {"sharedId": found["nodes"][0]["sharedId"]}

    def _traverse(self, delta: int) -> None:
        self.ask("browsingContext.traverseHistory", delta=delta)
        self.wait_for("document.readyState === 'complete'", "the page in the history")


def _strokes(press: str) -> list[dict[str, str]]:
    held = press.split("+")
    # "+" itself, and sums, are letters; only a name in front makes a chord of it.
    if held[0] in KEYS:
        codes = [KEYS.get(name, name) for name in held]
        down = [{"type": "keyDown", "value": code} for code in codes]
        return down + [{"type": "keyUp", "value": code} for code in reversed(codes)]
    return [{"type": kind, "value": letter} for letter in press for kind in ("keyDown", "keyUp")]
