"""SIP over one UDP socket, and the transactions on it (RFC 3261 section 17, RFC 6026)."""

import asyncio
import re
import socket
from typing import Callable

from process import Process, Timer
from sip import (
    Header,
    Message,
    Request,
    Response,
    cseq_of,
    has_param,
    host_port,
    new_branch,
    param,
    parse,
    response,
)

T1_S = 0.5
T2_S = 4.0
T4_S = 5.0
# Timers B, F, H, J and L, and how long a 2xx is repeated.
TIMEOUT_S = 64 * T1_S

Address = tuple[str, int]
Key = tuple[str, str, str]


class Endpoint:
    """The socket of one process. `on_request` gets what begins a server transaction, `on_ack` the ACK of a 2xx."""

    def __init__(self, process: Process, server: Address) -> None:
        self.process = process
        self.server = server
        self.on_request: Callable[["ServerTransaction"], None] = lambda transaction: transaction.respond(481)
        self.on_ack: Callable[[Request], None] = lambda ack: None
        self._socket = _socket_towards(server)
        self.host, self.port = self._socket.getsockname()[:2]
        self._clients: dict[Key, ClientTransaction] = {}
        self._servers: dict[Key, ServerTransaction] = {}
        self._loop = asyncio.get_running_loop()
        self.resume()

    def pause(self) -> None:
        self._loop.remove_reader(self._socket)

    def resume(self) -> None:
        self._loop.add_reader(self._socket, self.read)

    def close(self) -> None:
        self.pause()
        self._socket.close()

    def read(self) -> None:
        """Everything that has arrived."""
        while self.process.is_alive and not self.process.is_suspended:
            try:
                datagram, source = self._socket.recvfrom(65_535)
            except BlockingIOError:
                return
            except OSError:
                return  # of a datagram sent before: nobody listens there
            message = parse(datagram)
            if message is not None:
                self.process.run(lambda: self._receive(message, source[:2]))

    def send(self, message: Message, address: Address) -> None:
        """UDP promises nothing, so a datagram that cannot be sent is one that was lost."""
        try:
            self._socket.sendto(bytes(message), address)
        except OSError:
            pass

    def via(self, branch: str) -> Header:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return ("Via", f"SIP/2.0/UDP {host}:{self.port};branch={branch};rport")

    def request(
        self,
        request: Request,
        address: Address,
        on_response: Callable[[Response], None],
        on_timeout: Callable[[], None] = lambda: None,
    ) -> "ClientTransaction":
        """Sends a request on a transaction of its own. Its Via is put before the other fields."""
        branch = new_branch()
        request.headers.insert(0, self.via(branch))
        key = (branch, "", request.method)
        transaction = ClientTransaction(self, key, request, address, on_response, on_timeout)
        self._clients[key] = transaction
        transaction.start()
        return transaction

    def forget(self, key: Key) -> None:
        self._clients.pop(key, None)
        self._servers.pop(key, None)

    def _is_merged(self, invite: Request) -> bool:
        """RFC 3261 8.2.2.2: the same request came another way, and that transaction goes on."""
        if param(invite.get("to"), "tag"):
            return False
        return any(_identity(other.request) == _identity(invite) for other in self._servers.values())

    def _receive(self, message: Request | Response, source: Address) -> None:
        via = message.all("via")[0]
        branch, method = param(via, "branch"), cseq_of(message)[1]
        if isinstance(message, Response):
            client = self._clients.get((branch, "", method))
            if client is not None:
                client.receive(message)
            return
        sent_by = via.split(";")[0].split()[-1].lower()
        invite = self._servers.get((branch, sent_by, "INVITE"))
        if message.method == "ACK":
            if invite is not None and invite.is_rejected:
                invite.acknowledged()
            else:
                self.on_ack(message)
            return
        key = (branch, sent_by, message.method)
        known = self._servers.get(key)
        if known is not None:
            known.repeat()
            return
        is_merged = message.method == "INVITE" and self._is_merged(message)
        transaction = ServerTransaction(self, key, _stamped(message, source), _answer_to(via, source))
        self._servers[key] = transaction
        if is_merged:
            transaction.respond(482)
        elif message.method == "CANCEL":
            transaction.respond(481 if invite is None else 200, invite.to_tag if invite is not None else "")
            if invite is not None and not invite.is_final:
                invite.on_cancel(message)
        else:
            self.on_request(transaction)


class ClientTransaction:
    def __init__(
        self,
        endpoint: Endpoint,
        key: Key,
        request: Request,
        address: Address,
        on_response: Callable[[Response], None],
        on_timeout: Callable[[], None],
    ) -> None:
        self.request = request
        self._endpoint = endpoint
        self._key = key
        self._address = address
        self._on_response = on_response
        self._on_timeout = on_timeout
        self._is_invite = request.method == "INVITE"
        self._interval_s = T1_S
        self._state = "calling"
        self._timers: list[Timer] = []

    def start(self) -> None:
        self._send()
        self._timers.append(self._endpoint.process.after(TIMEOUT_S, self._timed_out))

    def abandon(self) -> None:
        """Nothing is sent or told any more."""
        for timer in self._timers:
            timer.cancel()
        self._state = "over"
        self._endpoint.forget(self._key)

    def receive(self, response: Response) -> None:
        if response.status < 200:
            if self._state == "calling":
                self._state = "proceeding"
                self._on_response(response)
            return
        is_first = self._state in ("calling", "proceeding")
        if is_first:
            for timer in self._timers:
                timer.cancel()
            self._state = "completed"
            self._timers.append(self._endpoint.process.after(TIMEOUT_S if self._is_invite else T4_S, self.abandon))
        if self._is_invite and response.status >= 300:
            self._endpoint.send(self._ack(response), self._address)
        # Every 2xx to INVITE is for the one who asked: each wants an ACK (13.2.2.4).
        if is_first or (self._is_invite and response.status < 300):
            self._on_response(response)

    def _send(self) -> None:
        """Timers A and E. A provisional response ends A, and slows E down."""
        if self._state == "completed" or (self._is_invite and self._state != "calling"):
            return
        self._endpoint.send(self.request, self._address)
        delay_s = T2_S if self._state == "proceeding" else self._interval_s
        self._interval_s = 2 * delay_s if self._is_invite else min(2 * delay_s, T2_S)
        self._timers.append(self._endpoint.process.after(delay_s, self._send))

    def _timed_out(self) -> None:
        self.abandon()
        self._on_timeout()

    def _ack(self, response: Response) -> Request:
        """17.1.1.3: of the same branch."""
        number = cseq_of(self.request)[0]
        kept = [
            (name, value)
            for name, value in self.request.headers
            if name.lower() in ("via", "from", "call-id", "route", "max-forwards")
        ]
        return Request([*kept, ("To", response.get("to")), ("CSeq", f"{number} ACK")], b"", "ACK", self.request.uri)


class ServerTransaction:
    """A request that came. The final response to an INVITE is repeated until its ACK has come, or for timer H."""

    def __init__(self, endpoint: Endpoint, key: Key, request: Request, address: Address) -> None:
        self.request = request
        self.on_cancel: Callable[[Request], None] = lambda cancel: None
        self.on_acknowledged: Callable[[], None] = lambda: None
        self.on_unacknowledged: Callable[[], None] = lambda: None
        self.to_tag = ""
        self._endpoint = endpoint
        self._key = key
        self._address = address
        self._last: Response | None = None
        self._waits_for_ack = False
        self._repeating: Timer | None = None

    @property
    def is_final(self) -> bool:
        return self._last is not None and self._last.status >= 200

    @property
    def is_rejected(self) -> bool:
        return self._last is not None and self._last.status >= 300

    def respond(self, status: int, to_tag: str = "", headers: list[Header] | None = None, body: bytes = b"") -> None:
        """Where no tag is given a final response gets one of its own (8.2.6.2)."""
        if self.is_final:
            return
        if status > 100 and not to_tag:
            to_tag = new_branch()[-12:]
        self.to_tag = to_tag or self.to_tag
        answer = response(self.request, status, to_tag, headers)
        if body:
            answer.headers.append(("Content-Type", "application/sdp"))
            answer.body = body
        self._last = answer
        self.repeat()
        if status < 200:
            return
        self._endpoint.process.after(TIMEOUT_S, self._end)
        if self.request.method == "INVITE":
            self._waits_for_ack = True
            self._repeat_later(T1_S)

    def repeat(self) -> None:
        if self._last is not None:
            self._endpoint.send(self._last, self._address)

    def acknowledged(self) -> None:
        if not self._waits_for_ack:
            return
        self._waits_for_ack = False
        if self._repeating is not None:
            self._repeating.cancel()
        self.on_acknowledged()

    def _repeat_later(self, delay_s: float) -> None:
        """Timer G, and 13.3.1.4 for a 2xx."""

        def again() -> None:
            self.repeat()
            self._repeat_later(min(2 * delay_s, T2_S))

        self._repeating = self._endpoint.process.after(delay_s, again)

    def _end(self) -> None:
        self._endpoint.forget(self._key)
        if self._waits_for_ack:
            self._waits_for_ack = False
            if self._repeating is not None:
                self._repeating.cancel()
            self.on_unacknowledged()


def _socket_towards(server: Address) -> socket.socket:
    """A socket on the address by which the server is reached."""
    family, kind, protocol, _, address = socket.getaddrinfo(*server, type=socket.SOCK_DGRAM)[0]
    with socket.socket(family, kind, protocol) as probe:
        probe.connect(address)
        host = probe.getsockname()[0]
    made = socket.socket(family, kind, protocol)
    made.setblocking(False)
    made.bind((host, 0))
    return made


def _answer_to(via: str, source: Address) -> Address:
    """RFC 3261 18.2.2 and RFC 3581."""
    if has_param(via, "rport"):
        return source
    sent_by = via.split(";")[0].split()[-1]
    return source[0], host_port(f"sip:{sent_by}")[1]


def _stamped(request: Request, source: Address) -> Request:
    """RFC 3261 18.2.1 and RFC 3581: the response says where the request came from."""
    at = next(index for index, (name, _) in enumerate(request.headers) if name.lower() == "via")
    name, value = request.headers[at]
    first, comma, rest = value.partition(",")
    first = re.sub(r";\s*rport\s*(?=;|$)", f";rport={source[1]}", first, flags=re.I)
    request.headers[at] = (name, f"{first};received={source[0]}{comma}{rest}")
    return request


def _identity(invite: Request) -> tuple[str, str, str]:
    return invite.get("call-id"), param(invite.get("from"), "tag"), invite.get("cseq")
