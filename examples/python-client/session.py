"""One INVITE that came, and the dialog it becomes (RFC 3261 sections 12 to 15)."""

from typing import Callable

import sdp
from process import Process
from sip import (
    Header,
    Request,
    Response,
    cseq_of,
    display_name,
    has_param,
    host_port,
    new_branch,
    new_tag,
    param,
    uri_of,
    user_of,
)
from transport import Address, Endpoint, ServerTransaction

ALLOW: Header = ("Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS")
# How long the one who does not own the Call-ID waits after 491 (14.1).
PENDING_S = 1.0


class Session:
    """`contact` is without push parameters: they are for REGISTER alone (RFC 8599 4.1)."""

    def __init__(self, process: Process, endpoint: Endpoint, invite: ServerTransaction, contact: str) -> None:
        request = invite.request
        self.call_id = request.get("call-id")
        self.invite = request
        self.caller_uri = uri_of(request.get("from"))
        self.caller_user = user_of(self.caller_uri)
        self.caller_name = display_name(request.get("from"))
        self.has_video = b"m=video" in request.body
        self.is_over = False
        self.is_accepted = False
        # The ACK has come: both sides know of the dialog.
        self.is_confirmed = False
        # What the phone makes of it.
        self.on_cancelled: Callable[[str], None] = lambda why: None
        self.on_confirmed: Callable[[], None] = lambda: None
        self.on_bye: Callable[[], None] = lambda: None
        self.on_lost: Callable[[], None] = lambda: None
        self._process = process
        self._endpoint = endpoint
        self._invite = invite
        self._contact: Header = ("Contact", f"<{contact}>")
        self._tag = invite.to_tag = new_tag()
        self._wants_bye = False
        self._cseq = 0
        self._remote_cseq = cseq_of(request)[0]
        self._remote_target = uri_of(request.get("contact")) or self.caller_uri
        self._routes = request.all("record-route")
        self._sdp_version = 1
        self._direction = "sendrecv"
        self._wanted_direction = "sendrecv"
        self._is_offering = False
        invite.on_cancel = self._cancelled
        invite.on_acknowledged = self._confirmed
        invite.on_unacknowledged = self._unacknowledged

    def owns(self, request: Request) -> bool:
        return (request.get("call-id"), param(request.get("to"), "tag"), param(request.get("from"), "tag")) == (
            self.call_id,
            self._tag,
            param(self._invite.request.get("from"), "tag"),
        )

    def try_(self) -> None:
        self._invite.respond(100)

    def ring(self) -> None:
        if not self.is_over and not self.is_accepted:
            self._invite.respond(180, self._tag, [self._contact, ALLOW, *self._record_routes()])

    def accept(self) -> bool:
        """False where nothing that is offered can be taken; it is refused then."""
        if self.is_over or self.is_accepted:
            return self.is_accepted
        body = self._described(self._invite.request.body)
        if body is None:
            self.reject(488)
            return False
        self.is_accepted = True
        self._invite.respond(200, self._tag, [self._contact, ALLOW, *self._record_routes()], body)
        return True

    def reject(self, status: int) -> None:
        if not self.is_over and not self.is_accepted:
            self.is_over = True
            self._invite.respond(status, self._tag)

    def hang_up(self) -> None:
        """Once the ACK has come: before that the one who was called must not (section 15)."""
        self.is_over = True
        if self.is_confirmed:
            self._endpoint.request(self._within("BYE"), self._next_hop(), lambda response: None)
        else:
            self._wants_bye = True

    def hold(self, on_hold: bool) -> None:
        self._wanted_direction = "sendonly" if on_hold else "sendrecv"
        self._offer()

    def acknowledged(self, ack: Request) -> None:
        """An ACK within the dialog; each confirms the newest 2xx, whether it was to the first INVITE or a later one."""
        if cseq_of(ack)[0] == cseq_of(self._invite.request)[0]:
            self._invite.acknowledged()

    def requested(self, transaction: ServerTransaction) -> None:
        """A request within the dialog."""
        request = transaction.request
        number = cseq_of(request)[0]
        if number < self._remote_cseq:
            transaction.respond(500, self._tag)
            return
        self._remote_cseq = number
        if request.method == "OPTIONS":
            transaction.respond(200, self._tag, [ALLOW, ("Accept", "application/sdp")])
        elif request.method == "BYE":
            transaction.respond(200, self._tag)
            was_over, self.is_over, self._wants_bye = self.is_over, True, False
            self._invite.respond(487, self._tag)
            # The caller has the 2xx, whatever became of its ACK.
            self._invite.acknowledged()
            if not was_over:
                self.on_bye()
        elif request.method == "INVITE":
            self._reinvited(transaction)
        else:
            transaction.respond(405, self._tag, [ALLOW])

    def _reinvited(self, transaction: ServerTransaction) -> None:
        if self.is_over:
            transaction.respond(481, self._tag)
            return
        if self._is_offering or not self.is_confirmed:
            transaction.respond(491, self._tag)
            return
        self._sdp_version += 1
        body = self._described(transaction.request.body)
        if body is None:
            transaction.respond(488, self._tag)
            return
        self._remote_target = uri_of(transaction.request.get("contact")) or self._remote_target
        # Its 2xx is the one that waits for an ACK from now on.
        self._invite = transaction
        transaction.on_unacknowledged = self._unacknowledged
        transaction.respond(200, self._tag, [self._contact, ALLOW], body)

    def _offer(self) -> None:
        """Brings the media into the direction that is wanted, one re-INVITE at a time."""
        if self.is_over or self._is_offering or not self.is_confirmed or self._wanted_direction == self._direction:
            return
        self._is_offering = True
        offered = self._wanted_direction
        self._sdp_version += 1
        request = self._within("INVITE", [self._contact, ALLOW, ("Content-Type", "application/sdp")])
        request.body = sdp.offer(self._endpoint.host, self._sdp_version, self.has_video, offered)
        number = self._cseq
        is_open = True

        def responded(response: Response) -> None:
            nonlocal is_open
            if response.status < 200:
                return
            if response.status < 300:
                self._remote_target = uri_of(response.get("contact")) or self._remote_target
                ack = self._within("ACK", number=number)
                ack.headers.insert(0, self._endpoint.via(new_branch()))
                self._endpoint.send(ack, self._next_hop())
            if is_open:
                is_open = self._is_offering = False
                if response.status == 491:
                    self._process.after(PENDING_S, self._offer)
                else:
                    # Refused: it stays as it is, and is not asked again.
                    self._direction = offered
                    self._offer()

        def timed_out() -> None:
            self._is_offering = False

        self._endpoint.request(request, self._next_hop(), responded, timed_out)

    def _cancelled(self, cancel: Request) -> None:
        if self.is_over or self.is_accepted:
            return
        self.reject(487)
        self.on_cancelled(_why_cancelled(cancel))

    def _confirmed(self) -> None:
        self.is_confirmed = True
        if self._wants_bye:
            self._wants_bye = False
            self.hang_up()
        elif not self.is_over:
            self.on_confirmed()
            self._offer()

    def _unacknowledged(self) -> None:
        """13.3.1.4: the dialog is there, and is ended."""
        if not self.is_accepted or (self.is_over and not self._wants_bye):
            return
        was_over = self.is_over
        self.is_confirmed = True
        self.hang_up()
        if not was_over:
            self.on_lost()

    def _described(self, offered: bytes) -> bytes | None:
        if not offered:
            return sdp.offer(self._endpoint.host, self._sdp_version, self.has_video, self._direction)
        return sdp.answer(offered, self._endpoint.host, self._sdp_version, self._direction)

    def _record_routes(self) -> list[Header]:
        return [("Record-Route", value) for value in self._routes]

    def _within(self, method: str, headers: list[Header] | None = None, number: int | None = None) -> Request:
        if number is None:
            self._cseq += 1
        request = self._invite.request
        return Request(
            [
                ("Max-Forwards", "70"),
                *(("Route", route) for route in self._routes),
                ("From", f"{_without_tag(request.get('to'))};tag={self._tag}"),
                ("To", request.get("from")),
                ("Call-ID", self.call_id),
                ("CSeq", f"{number or self._cseq} {method}"),
                *(headers or []),
            ],
            b"",
            method,
            self._remote_target,
        )

    def _next_hop(self) -> Address:
        """Names are left to the registrar, which is the outbound proxy."""
        host, port = host_port(uri_of(self._routes[0]) if self._routes else self._remote_target)
        is_address = host.replace(".", "").isdigit() or ":" in host
        is_udp = not has_param(self._remote_target, "transport") or "transport=udp" in self._remote_target.lower()
        return (host, port) if is_address and is_udp else self._endpoint.server


def _why_cancelled(cancel: Request) -> str:
    """RFC 3326: who took the call instead, if anybody did."""
    for reason in cancel.all("reason"):
        protocol, cause = reason.split(";")[0].strip().upper(), param(reason, "cause")
        if (protocol, cause) in (("SIP", "200"), ("Q.850", "26")):
            return "answered-elsewhere"
        if (protocol, cause) == ("SIP", "603"):
            return "declined-elsewhere"
    return "remote"


def _without_tag(value: str) -> str:
    head, bracket, after = value.rpartition(">")
    return head + bracket + ";".join(part for part in after.split(";") if not part.strip().lower().startswith("tag="))

