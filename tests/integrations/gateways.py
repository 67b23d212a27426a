"""Three text gateways on loopback that check what the true ones check, and answer as they do."""

from __future__ import annotations

import base64
import json
import re
import threading
import time
import uuid
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

ACCOUNT, TOKEN = "AC" + "a" * 32, "t" * 32
APPLICATION, SIGNATURE = "78d335fa-323d-4114-9c3d-d6f0d48968cf", "s" * 40
SERVICE, SECRET = "26785a09-ab16-4eb0-8407-a37497a57506", "3d844edf-8d35-48ac-975b-e847b4f122b0"
NOTIFY_KEY = f"our_key-{SERVICE}-{SECRET}"
TEMPLATE, CALLBACK = "f33517ff-2a88-4f6e-b855-c550268ce08a", "c" * 32
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PRIVATE = KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
).decode()
PUBLIC = KEY.public_key()


class Gateway(ThreadingHTTPServer):
    """``told`` is (status, headers, body) for the next requests that send; ``taken`` is what was accepted."""

    daemon_threads = True

    def __init__(self, kind: type[Talk]) -> None:
        super().__init__(("127.0.0.1", 0), kind)
        self.told: list[tuple[int, dict[str, str], bytes]] = []
        self.taken: list[dict[str, str]] = []
        self.hang = threading.Event()  # set it, and what is taken is never answered
        self.over = threading.Event()
        self.keeps_words = True
        self.seen: set[str] = set()  # ids of tokens

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Talk(BaseHTTPRequestHandler):
    """One request."""

    server: Gateway
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.told:
            status, headers, body = self.server.told.pop(0)
            return self.answer(status, body, headers)
        status, body = self.take(raw)
        if status < 300 and self.server.hang.is_set():
            self.server.over.wait(5)
            self.close_connection = True
            return None
        self.answer(status, json.dumps(body).encode())

    def do_GET(self) -> None:
        status, body = self.listed({name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()})
        self.answer(status, json.dumps(body).encode())

    def answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


class Twilio(Talk):
    """The Messages resource."""

    path_of_messages = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"

    def allowed(self) -> bool:
        given = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        return self.headers.get("Authorization") == f"Basic {given}"

    def no(self, status: int, code: int) -> tuple[int, dict[str, object]]:
        more = f"https://www.twilio.com/docs/errors/{code}"
        return status, {"code": code, "message": "No.", "more_info": more, "status": status}

    def take(self, raw: bytes) -> tuple[int, dict[str, object]]:
        if not self.allowed():
            return self.no(401, 20003)
        if self.path != self.path_of_messages:
            return self.no(404, 20404)
        form = {name: values[0] for name, values in parse_qs(raw.decode(), strict_parsing=True).items()}
        if self.headers["Content-Type"] != "application/x-www-form-urlencoded" or "Body" not in form:
            return self.no(400, 21602)
        if "From" not in form and "MessagingServiceSid" not in form:
            return self.no(400, 21603)
        if not re.fullmatch(r"\+[1-9]\d{7,14}", form.get("To", "")):
            return self.no(400, 21211)
        if len(form["Body"]) > 1600:
            return self.no(400, 21617)
        kept = {**form, "sid": "SM" + uuid.uuid4().hex, "status": "queued"}
        self.server.taken.append({**kept, "date_created": format_datetime(datetime.now(UTC))})
        return 201, {"sid": kept["sid"], "status": "queued"}

    def listed(self, asked: dict[str, str]) -> tuple[int, dict[str, object]]:
        if not self.allowed():
            return self.no(401, 20003)
        found = [one for one in self.server.taken if one["To"] == asked["To"]]
        body = [
            {
                "sid": one["sid"],
                "body": one["Body"] if self.server.keeps_words else "",
                "date_created": one["date_created"],
            }
            for one in found
        ]
        return 200, {"messages": body}


class Vonage(Talk):
    """The Messages API."""

    def allowed(self) -> bool:
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        try:
            claims = jwt.decode(token, PUBLIC, algorithms=["RS256"], options={"require": ["iat", "exp", "jti"]})
        except jwt.InvalidTokenError:
            return False
        fresh = claims["jti"] not in self.server.seen and claims["exp"] - claims["iat"] <= 24 * 3600
        self.server.seen.add(claims["jti"])
        return fresh and claims["application_id"] == APPLICATION

    def no(self, status: int, kind: str, **more: object) -> tuple[int, dict[str, object]]:
        return status, {
            "type": f"https://developer.vonage.com/api-errors{kind}",
            "title": "No",
            "detail": "No.",
            **more,
        }

    def take(self, raw: bytes) -> tuple[int, dict[str, object]]:
        if not self.allowed():
            return self.no(401, "#unauthorized")
        if self.path != "/v1/messages":
            return self.no(404, "#not-found")
        text = json.loads(raw)
        if set(text) < {"channel", "message_type", "to", "from", "text"} or text["channel"] != "sms":
            return self.no(422, "/messages#1010")
        if not re.fullmatch(r"[1-9]\d{7,14}", text["to"]):
            return self.no(422, "/messages#1020", invalid_parameters=[{"name": "to", "reason": "not a number"}])
        if len(text["client_ref"]) > 100 or len(text["text"]) > 1000:
            return self.no(422, "/messages#1090")
        self.server.taken.append({"To": "+" + text["to"], "Body": text["text"], "reference": text["client_ref"]})
        return 202, {"message_uuid": str(uuid.uuid4())}

    def listed(self, asked: dict[str, str]) -> tuple[int, dict[str, object]]:
        return self.no(404, "#not-found")


class Notify(Talk):
    """GOV.UK Notify."""

    def allowed(self) -> bool:
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        try:
            claims = jwt.decode(token, SECRET, algorithms=["HS256"], issuer=SERVICE)
        except jwt.InvalidTokenError:
            return False
        return abs(time.time() - claims["iat"]) <= 30

    def no(self, status: int, error: str, message: str) -> tuple[int, dict[str, object]]:
        return status, {"status_code": status, "errors": [{"error": error, "message": message}]}

    def take(self, raw: bytes) -> tuple[int, dict[str, object]]:
        if not self.allowed():
            return self.no(403, "AuthError", "Invalid token: API key not found")
        if self.path != "/v2/notifications/sms":
            return self.no(404, "NoResultFound", "No result found")
        text = json.loads(raw)
        if text["template_id"] != TEMPLATE:
            return self.no(400, "BadRequestError", "Template not found")
        if set(text["personalisation"]) != {"message"}:
            return self.no(400, "BadRequestError", "Missing personalisation: message")
        if not re.fullmatch(r"\+[1-9]\d{7,14}", text["phone_number"]):
            return self.no(400, "ValidationError", "phone_number Not enough digits")
        if len(text["personalisation"]["message"]) > 918:
            return self.no(400, "BadRequestError", "Text messages cannot be longer than 918 characters.")
        kept = {"To": text["phone_number"], "Body": text["personalisation"]["message"], "reference": text["reference"]}
        self.server.taken.append({**kept, "id": str(uuid.uuid4())})
        return 201, {"id": self.server.taken[-1]["id"], "reference": text["reference"]}

    def listed(self, asked: dict[str, str]) -> tuple[int, dict[str, object]]:
        if not self.allowed():
            return self.no(403, "AuthError", "Invalid token: API key not found")
        found = [one for one in self.server.taken if one["reference"] == asked["reference"]]
        return 200, {"notifications": [{"id": one["id"], "reference": one["reference"]} for one in found]}


@contextmanager
def a_gateway(kind: type[Talk]):
    """A gateway for the length of a test."""
    with Gateway(kind) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.over.set()
        server.shutdown()
        thread.join()
