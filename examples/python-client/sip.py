"""SIP messages (RFC 3261 sections 7 and 25), as text."""

import re
import secrets
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

Header = tuple[str, str]

COMPACT = {
    "c": "content-type",
    "f": "from",
    "i": "call-id",
    "k": "supported",
    "l": "content-length",
    "m": "contact",
    "t": "to",
    "v": "via",
}
REASONS = {
    100: "Trying",
    180: "Ringing",
    200: "OK",
    404: "Not Found",
    405: "Method Not Allowed",
    420: "Bad Extension",
    480: "Temporarily Unavailable",
    481: "Call/Transaction Does Not Exist",
    482: "Loop Detected",
    486: "Busy Here",
    487: "Request Terminated",
    488: "Not Acceptable Here",
    491: "Request Pending",
    500: "Server Internal Error",
    603: "Decline",
}


@dataclass
class Message:
    headers: list[Header] = field(default_factory=list)
    body: bytes = b""

    def get(self, name: str) -> str:
        """The first field of that name, or nothing."""
        return next((value for known, value in self.headers if same_name(known, name)), "")

    def fields(self, name: str) -> list[str]:
        return [value for known, value in self.headers if same_name(known, name)]

    def all(self, name: str) -> list[str]:
        """Every value, also where several stand in one field."""
        return [value for text in self.fields(name) for value in split(text)]

    def start_line(self) -> str:
        raise NotImplementedError

    def __bytes__(self) -> bytes:
        lines = [self.start_line(), *(f"{name}: {value}" for name, value in self.headers)]
        head = "\r\n".join([*lines, f"Content-Length: {len(self.body)}", "", ""])
        return head.encode("utf-8", "surrogateescape") + self.body


@dataclass
class Request(Message):
    method: str = ""
    uri: str = ""

    def start_line(self) -> str:
        return f"{self.method} {self.uri} SIP/2.0"


@dataclass
class Response(Message):
    status: int = 0
    reason: str = ""

    def start_line(self) -> str:
        return f"SIP/2.0 {self.status} {self.reason}"


def parse(datagram: bytes) -> Request | Response | None:
    """None where it is no SIP message, such as a keep-alive."""
    head, _, body = datagram.lstrip(b"\r\n").partition(b"\r\n\r\n")
    start, *lines = re.sub(r"\r\n[ \t]+", " ", head.decode("utf-8", "surrogateescape")).split("\r\n")
    headers: list[Header] = []
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon:
            return None
        headers.append((COMPACT.get(name.strip().lower(), name.strip()), value.strip()))
    message: Request | Response
    if answer := re.fullmatch(r"SIP/2\.0 (\d{3}) ?(.*)", start, re.S):
        message = Response(headers, body, int(answer[1]), answer[2])
    elif question := re.fullmatch(r"(\S+) (\S+) SIP/2\.0", start):
        message = Request(headers, body, question[1], question[2])
    else:
        return None
    length = message.get("content-length")
    if length.isdigit():
        if len(body) < int(length):
            return None
        message.body = body[: int(length)]
    needed = ("via", "from", "to", "call-id", "cseq")
    return message if all(message.get(name) for name in needed) and re.match(r"\d+\s+\S", message.get("cseq")) else None


def response(request: Request, status: int, to_tag: str = "", headers: list[Header] | None = None) -> Response:
    """RFC 3261 8.2.6: everything that has to be as in the request is copied."""
    copied = [(name, value) for name, value in request.headers if same_name(name, "via", "from", "call-id", "cseq")]
    to = request.get("to")
    if to_tag and not param(to, "tag"):
        to = f"{to};tag={to_tag}"
    return Response([*copied, ("To", to), *(headers or [])], b"", status, REASONS.get(status, ""))


def same_name(name: str, *others: str) -> bool:
    return name.lower() in others


def split(text: str) -> list[str]:
    """At the commas that are neither in quotes nor in angle brackets."""
    parts = re.findall(r'(?:"(?:\\.|[^"\\])*"|<[^>]*>|[^,])+', text, re.S)
    return [part.strip() for part in parts if part.strip()]


def uri_of(value: str) -> str:
    """Of From, To, Contact, Route."""
    bracketed = re.search(r"<([^>]*)>", _unquoted(value))
    return bracketed[1] if bracketed else value.split(";")[0].strip()


def param(value: str, name: str) -> str:
    """A parameter of the field, which is not one of the URI in it."""
    text = _unquoted(value)
    after = text.rpartition(">")[2] if ">" in text else text
    found = re.search(rf';\s*{re.escape(name)}\s*=\s*("[^"]*"|[^;,\s]*)', after, re.I)
    return found[1].strip('"') if found else ""


def has_param(value: str, name: str) -> bool:
    return re.search(rf";\s*{re.escape(name)}\s*(=|;|$)", value, re.I) is not None


def display_name(value: str) -> str:
    quoted = re.match(r'\s*"((?:\\.|[^"\\])*)"', value, re.S)
    name = re.sub(r"\\(.)", r"\1", quoted[1], flags=re.S) if quoted else value.partition("<")[0].strip()
    return readable(name if "<" in value else "")


def user_of(uri: str) -> str:
    found = re.match(r"sips?:([^@;?]*)@", uri, re.I)
    return readable(unquote(found[1].partition(":")[0])) if found else ""


def host_port(uri: str) -> tuple[str, int]:
    found = re.match(r"sips?:(?:[^@]*@)?(\[[^\]]*\]|[^:;?>]*)(?::(\d+))?", uri, re.I)
    return (found[1].strip("[]"), int(found[2] or 5060)) if found else ("", 0)


def cseq_of(message: Message) -> tuple[int, str]:
    number, _, method = message.get("cseq").partition(" ")
    return int(number), method.strip()


def quoted(text: str) -> str:
    return '"' + re.sub(r'(["\\])', r"\\\1", re.sub(r"[\x00-\x1f\x7f]", " ", text)) + '"'


def escaped_param(text: str) -> str:
    """RFC 8599 8.7: what is no `paramchar` is escaped."""
    return quote(text, safe="-_.!~*'()[]/:&+$")


def readable(text: str) -> str:
    """Bytes that are no UTF-8 are kept in messages, and are of no use elsewhere."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def new_branch() -> str:
    return "z9hG4bK" + secrets.token_hex(12)


def new_tag() -> str:
    return secrets.token_hex(6)


def _unquoted(value: str) -> str:
    """A name in quotes may hold anything."""
    return re.sub(r'^\s*"(?:\\.|[^"\\])*"', "", value, flags=re.S)
