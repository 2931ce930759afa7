"""The app on an iPhone: PushKit hands over pushes, CallKit shows the calls and has the user's hand."""

import re
import uuid
from typing import Callable

from calls import Call, Calls
from link import Params
from payload import read_push
from process import Process

# CXErrorCodeIncomingCallError.
ALREADY_EXISTS = 2
FILTERED = (3, 4, 5, 6, 7)

# CXCallEndedReason. After the user's own end any would do.
REASONS = {
    "remote": "remoteEnded",
    "answered-elsewhere": "answeredElsewhere",
    "declined-elsewhere": "declinedElsewhere",
    "unanswered": "unanswered",
    "failed": "failed",
    "declined": "remoteEnded",
    "hung-up": "remoteEnded",
}


class IosScreen:
    def __init__(self, process: Process, calls: Calls, profile: Params) -> None:
        self._process = process
        self._calls = calls
        self._profile = profile
        self._is_audio_active = False
        # UUIDs of the calls CallKit knows, or will know of a report that is on its way.
        self._reported: set[str] = set()
        # Answer actions that wait for the connection, by UUID.
        self._answers: dict[str, str] = {}
        self.handlers: dict[str, Callable[[Params], None]] = {
            "pushRegistry.didReceiveIncomingPush": self._received,
            "provider.perform": lambda params: self._perform(params["action"]),
            "provider.timedOutPerforming": lambda params: self._timed_out(params["actionId"]),
            "provider.didActivateAudioSession": lambda params: self._audio(True),
            "provider.didDeactivateAudioSession": lambda params: self._audio(False),
            "provider.didReset": lambda params: self._reset(),
        }

    # --- Calls tells ---

    def show(self, call: Call) -> None:
        self._report(call)

    def learned(self, call: Call) -> None:
        self._process.ask("provider.reportCallUpdated", {"uuid": call.uuid, "update": _update(call)})

    def connected(self, call: Call) -> None:
        """Only now is the answer done; what CallKit does next is to activate the audio session."""
        action = self._answers.pop(call.uuid, None)
        if action is not None:
            self._process.ask("action.fulfill", {"actionId": action})
        self._update_media()

    def finished(self, call: Call) -> None:
        self._answers.pop(call.uuid, None)
        if call.uuid in self._reported:
            self._reported.discard(call.uuid)
            self._process.ask(
                "provider.reportCallEnded", {"uuid": call.uuid, "reason": REASONS[call.ended or "failed"]}
            )

    # --- PushKit ---

    def _received(self, params: Params) -> None:
        """
        The report leaves before this returns, whatever the payload says: a push for which nothing is reported is the end of the
        process. Its completion handler is called from the report's.
        """
        must_report = params.get("mustReport", True)

        def completed() -> None:
            self._process.ask("pushRegistry.completion", {"pushId": params["pushId"]})

        push = read_push(self._profile, "ios", params.get("payload"))
        if push is None or self._calls.registration is None:
            call = Call((push.uuid if push is not None else None) or str(uuid.uuid4()), push, None)
            call.ended = "failed"
        else:
            call = self._calls.find(push) or self._calls.pushed(push)
        # One that is told twice, or whose INVITE was first, is reported again: CallKit knows the UUID, and leaves it at that.
        if must_report:
            self._report(call, completed)
        else:
            completed()
        if push is not None and push.is_cancel and call.ended is None and not call.is_answered:
            self._calls.finish(call, "remote")
        elif must_report and call.ended is not None:
            self.finished(call)

    # --- CallKit ---

    def _report(self, call: Call, completed: Callable[[], None] = lambda: None) -> None:
        call.is_reported = True
        self._reported.add(call.uuid)

        def replied(error: Params | None) -> None:
            code = _code(error)
            if error is None and call.ended is None and not call.is_shown:
                self._calls.shown(call)
            elif error is not None and code != ALREADY_EXISTS and not call.is_shown:
                self._reported.discard(call.uuid)
                if call.ended is None:
                    self._calls.refused(call, 480 if code in FILTERED else 486)
            completed()

        self._process.ask("provider.reportNewIncomingCall", {"uuid": call.uuid, "update": _update(call)}, replied)

    def _perform(self, action: Params) -> None:
        call = self._calls.named(action["callUUID"])
        kind = action["type"]
        if call is None or kind == "start":
            self._process.ask("action.fail", {"actionId": action["id"]})
        elif kind == "answer":
            self._answer(call, action["id"])
        elif kind == "end":
            why = "hung-up" if call.is_answered else "declined"
            self._answers.pop(call.uuid, None)
            self._reported.discard(call.uuid)
            self._calls.leave(call, why)
            self._process.ask("action.fulfill", {"actionId": action["id"]})
        else:
            if kind == "setHeld":
                self._calls.hold(call, action["onHold"])
                self._update_media()
            # Muting and tones are for the media engine.
            self._process.ask("action.fulfill", {"actionId": action["id"]})

    def _answer(self, call: Call, action: str) -> None:
        if self._profile["answerFulfil"] == "at-once":
            self._process.ask("action.fulfill", {"actionId": action})
        else:
            self._answers[call.uuid] = action
        self._calls.answer(call)

    def _timed_out(self, action: str) -> None:
        """An answer that was not fulfilled in time has ended the call."""
        call = next((call for call in self._calls.live if self._answers.get(call.uuid) == action), None)
        if call is not None:
            self._answers.pop(call.uuid)
            self._reported.discard(call.uuid)
            self._calls.leave(call, "failed")

    def _audio(self, is_active: bool) -> None:
        self._is_audio_active = is_active
        self._update_media()

    def _reset(self) -> None:
        """CallKit has dropped every call, and every action with it."""
        self._answers.clear()
        self._reported.clear()
        self._is_audio_active = False
        for call in list(self._calls.live):
            self._calls.leave(call, "failed")

    def _update_media(self) -> None:
        for call in self._calls.live:
            self._calls.set_playing(call, self._is_audio_active and self._calls.may_play(call))


def _update(call: Call) -> Params:
    """What is not known is left out, so that nothing is overwritten by it."""
    update: Params = {"hasVideo": call.has_video}
    if call.handle:
        is_number = re.fullmatch(r"\+?[\d\s().-]*\d[\d\s().-]*", call.handle) is not None
        update["remoteHandle"] = {"type": "phoneNumber" if is_number else "generic", "value": call.handle}
    if call.name:
        update["localizedCallerName"] = call.name
    return update


def _code(error: Params | None) -> int | None:
    data = (error or {}).get("data")
    return data.get("code") if isinstance(data, dict) else None
