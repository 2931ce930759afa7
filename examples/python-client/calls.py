"""The calls of one process, whatever the platform: what a push, an INVITE and the user make of each other."""

import re
import time
import uuid
from typing import Protocol

from link import Params
from payload import Push, correlation_header, is_same_call, names_call
from process import Process, Timer
from registration import Registration
from session import Session

# A call that nobody answers; the caller mostly gives up before.
RING_LIMIT_S = 60.0
# How long a late push or INVITE is known to be of a call that is over.
MEMORY_S = 180.0

# What an INVITE gets whose call is over: 603 is the user's own no.
LATE_STATUS = {"declined": 603, "hung-up": 603}


class Call:
    def __init__(self, call_uuid: str, push: Push | None, session: Session | None) -> None:
        self.uuid = call_uuid
        self.push = push
        self.session = session
        self.handle = push.handle if push is not None else ""
        self.name = push.caller_name if push is not None else ""
        self.has_video = push.has_video if push is not None else session is not None and session.has_video
        # The system was asked to show it; whether it does is told later.
        self.is_reported = False
        self.is_shown = False
        # What its INVITE gets, because the phone does not ring for it.
        self.refusal: int | None = None
        self.is_answered = False
        self.is_connected = False
        self.is_held = False
        self.is_playing = False
        # `remote`, `answered-elsewhere`, `declined-elsewhere`, `unanswered`, `failed`, `declined` or `hung-up`.
        self.ended: str | None = None
        self.ended_at = 0.0
        self.timer: Timer | None = None


class Screen(Protocol):
    """How a platform shows calls."""

    def show(self, call: Call) -> None:
        """A new call; `Calls.shown` or `Calls.refused` follows."""

    def learned(self, call: Call) -> None:
        """The INVITE told what the push had not."""

    def connected(self, call: Call) -> None: ...

    def finished(self, call: Call) -> None:
        """It ended by other means than the user's. Not every call has been shown."""


class Calls:
    """`invite_wait_s`: from a push to the end of a call whose INVITE has not come."""

    def __init__(self, process: Process, profile: Params, invite_wait_s: float) -> None:
        self.screen: Screen
        self.registration: Registration | None = None
        self.live: list[Call] = []
        self._over: list[Call] = []
        self._process = process
        self._profile = profile
        self._invite_wait_s = invite_wait_s

    def named(self, call_uuid: str) -> Call | None:
        return next((call for call in self.live if call.uuid.lower() == call_uuid.lower()), None)

    def find(self, push: Push) -> Call | None:
        """The call a push is about, also one that is over."""
        for call in [*self.live, *self._remembered()]:
            if call.push is not None and is_same_call(self._profile, call.push, push):
                return call
            if call.push is None and call.session is not None and self._is_of(push, call.session):
                self._told_by(call, push)
                return call
        for call in self.live:
            if call.push is None and call.session is not None and self._is_of(push, call.session) is None:
                if _is_from(push, call.session):
                    self._told_by(call, push)
                    return call
        return None

    def _told_by(self, call: Call, push: Push) -> None:
        """The INVITE was first: what its push says of the caller holds from now on."""
        call.push = push
        call.handle = push.handle or call.handle
        call.name = push.caller_name or call.name

    def pushed(self, push: Push) -> Call:
        """A call of which only its push is there. The UUID is the push's, unless another call has it."""
        call_uuid = push.uuid
        if call_uuid is None or self.named(call_uuid) is not None:
            call_uuid = str(uuid.uuid4())
        call = Call(call_uuid, push, None)
        call.timer = self._process.after(self._invite_wait_s, lambda: self._without_invite(call))
        self.live.append(call)
        return call

    def invited(self, session: Session) -> None:
        call = self._of(session)
        session.on_confirmed = self.settled
        session.on_bye = lambda: self._ended_by_caller(session, "remote")
        session.on_lost = lambda: self._ended_by_caller(session, "failed")
        session.on_cancelled = lambda why: self._ended_by_caller(session, why)
        if call is None:
            session.try_()
            call = Call(str(uuid.uuid4()), None, session)
            self._learn(call, session)
            self.live.append(call)
            self._limit(call)
            self.screen.show(call)
        elif call.ended is not None:
            session.reject(LATE_STATUS.get(call.ended, 480))
        elif call.session is not None:
            session.reject(486)
        else:
            self._bind(call, session)

    def shown(self, call: Call) -> None:
        call.is_shown = True
        call.refusal = None
        if call.session is not None and call.ended is None and not call.is_answered:
            call.session.ring()

    def refused(self, call: Call, status: int) -> None:
        """The phone does not ring for it."""
        call.refusal = status
        if call.session is not None and call.ended is None:
            call.session.reject(status)
            self._close(call, "unanswered")

    def answer(self, call: Call) -> None:
        if not call.is_answered:
            call.is_answered = True
            self._connect(call)

    def leave(self, call: Call, why: str) -> None:
        """The user declines or hangs up, or the operating system has ended it; the platform knows."""
        self._end_session(call, 603 if why in ("declined", "hung-up") else 480)
        self._close(call, why)

    def finish(self, call: Call, why: str) -> None:
        """Ends it for any other reason, on the screen as well."""
        self._end_session(call, 480)
        self._close(call, why)
        self.screen.finished(call)

    def finish_all(self, why: str) -> None:
        for call in list(self.live):
            self.finish(call, why)

    def settled(self) -> None:
        """The registrar has answered, or is known not to; or an ACK has come."""
        for call in list(self.live):
            self._check_connected(call)

    def unregistered(self) -> None:
        """The registrar refused the account: a call that still waits for its INVITE waits in vain."""
        for call in list(self.live):
            if call.session is None:
                self.finish(call, "failed")
        self.settled()

    def hold(self, call: Call, on_hold: bool) -> None:
        call.is_held = on_hold
        if call.session is not None:
            call.session.hold(on_hold)

    def may_play(self, call: Call) -> bool:
        return call.is_answered and call.is_connected and not call.is_held and call.ended is None

    def set_playing(self, call: Call, is_playing: bool) -> None:
        if call.is_playing != is_playing:
            call.is_playing = is_playing
            self._process.tell("media.started" if is_playing else "media.stopped", {"callUUID": call.uuid})

    def _bind(self, call: Call, session: Session) -> None:
        call.session = session
        self._learn(call, session)
        self._limit(call)
        if call.refusal is not None:
            session.reject(call.refusal)
            self._close(call, "unanswered")
        elif call.is_answered:
            self._connect(call)
        elif call.is_shown:
            session.ring()
        elif not call.is_reported:
            # A push that was not to ring: now there is a call to ring for.
            self.screen.show(call)

    def _learn(self, call: Call, session: Session) -> None:
        """What the push has not told the INVITE may."""
        before = (call.handle, call.name)
        is_number = re.fullmatch(r"\+?[\d\s().-]*\d[\d\s().-]*", session.caller_user) is not None
        call.handle = call.handle or (session.caller_user if is_number else session.caller_uri)
        call.name = call.name or session.caller_name
        if call.is_shown and before != (call.handle, call.name):
            self.screen.learned(call)

    def _limit(self, call: Call) -> None:
        if call.timer is not None:
            call.timer.cancel()

        def over() -> None:
            if not call.is_answered:
                self.finish(call, "unanswered")

        call.timer = self._process.after(RING_LIMIT_S, over)

    def _connect(self, call: Call) -> None:
        if call.session is None or call.ended is not None:
            return
        if not call.session.accept():
            self._close(call, "failed")
            self.screen.finished(call)

    def _check_connected(self, call: Call) -> None:
        is_settled = self.registration is None or self.registration.is_settled
        is_confirmed = call.session is not None and call.session.is_confirmed
        if is_confirmed and is_settled and not call.is_connected and call.ended is None:
            call.is_connected = True
            self.screen.connected(call)

    def _without_invite(self, call: Call) -> None:
        is_registered = self.registration is not None and self.registration.is_registered
        self.finish(call, "unanswered" if is_registered and not call.is_answered else "failed")

    def _ended_by_caller(self, session: Session, why: str) -> None:
        call = next((call for call in self.live if call.session is session), None)
        if call is not None:
            self._close(call, why)
            self.screen.finished(call)

    def _end_session(self, call: Call, status: int) -> None:
        if call.session is None or call.session.is_over:
            return
        if call.session.is_accepted:
            call.session.hang_up()
        else:
            call.session.reject(status)

    def _close(self, call: Call, why: str) -> None:
        if call.timer is not None:
            call.timer.cancel()
        self.set_playing(call, False)
        call.ended, call.ended_at = why, time.monotonic()
        self.live.remove(call)
        self._over.append(call)

    def _of(self, session: Session) -> Call | None:
        """The call an INVITE is of: by its key, else the oldest one from that caller that cannot be known by one."""
        known = [*self.live, *self._remembered()]
        for call in known:
            if call.push is not None and self._is_of(call.push, session):
                return call
            if call.push is None and call.session is not None and call.session.call_id == session.call_id:
                return call
        for call in known:
            if call.session is None and call.push is not None and self._is_of(call.push, session) is None:
                if _is_from(call.push, session):
                    return call
        return None

    def _is_of(self, push: Push, session: Session) -> bool | None:
        header = correlation_header(self._profile)
        return names_call(self._profile, push, session.call_id, session.invite.get(header) if header else "")

    def _remembered(self) -> list[Call]:
        """Those that are over, newest first."""
        now = time.monotonic()
        self._over = [call for call in self._over if now - call.ended_at < MEMORY_S]
        return self._over[::-1]


def _is_from(push: Push, session: Session) -> bool:
    """As far as the push tells."""
    return _address(push.handle) in (_address(session.caller_uri), _address(session.caller_user), "")


def _address(handle: str) -> str:
    """The number or address in it, whatever its spelling."""
    bare = re.sub(r"[;?].*$", "", re.sub(r"^(?:sips?|tel|mailto):", "", handle.strip().lower()))
    user = bare.rpartition("@")[0] or bare
    is_number = re.fullmatch(r"\+?[\d\s().-]*\d[\d\s().-]*", user) is not None
    return re.sub(r"[^+\d]", "", user) if is_number else bare
