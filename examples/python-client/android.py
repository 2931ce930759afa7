"""The app on an Android phone: FCM hands over messages, the calls are those of a self-managed ConnectionService."""

import uuid
from typing import Callable

from calls import Call, Calls
from link import Params
from payload import read_push
from process import Process

# android.telecom.DisconnectCause.
CAUSES = {
    "remote": "MISSED",
    "answered-elsewhere": "ANSWERED_ELSEWHERE",
    "declined-elsewhere": "REJECTED",
    "unanswered": "MISSED",
    "failed": "ERROR",
    "declined": "REJECTED",
    "hung-up": "LOCAL",
    "aborted": "CANCELED",
}


class Connection:
    """`android.telecom.Connection`, and the notification with which the app shows it."""

    def __init__(self, call: Call) -> None:
        self.id = str(uuid.uuid4())
        self.call = call
        self.is_notified = False


class AndroidScreen:
    """`notifications` are those that are posted, which outlive the process."""

    def __init__(self, process: Process, calls: Calls, profile: Params, notifications: set[str]) -> None:
        self._process = process
        self._calls = calls
        self._profile = profile
        self._notifications = notifications
        self._connections: list[Connection] = []
        self._foreground: list[str] = []
        for left in list(notifications):
            self._cancel(left)
        act = self._acting
        self.handlers: dict[str, Callable[[Params], None]] = {
            "messagingService.onMessageReceived": self._received,
            "connectionService.onCreateIncomingConnection": act(self._created),
            "connectionService.onCreateIncomingConnectionFailed": act(self._refused),
            "connection.onShowIncomingCallUi": act(self._show_incoming),
            "connection.onAnswer": act(self._answer),
            "connection.onReject": act(lambda one: self._leave(one, "declined")),
            "connection.onDisconnect": act(lambda one: self._leave(one, "hung-up")),
            "connection.onAbort": act(lambda one: self._leave(one, "aborted")),
            "connection.onHold": act(lambda one: self._hold(one, True)),
            "connection.onUnhold": act(lambda one: self._hold(one, False)),
            # The notification makes the sound, and the system has silenced it.
            "connection.onSilence": act(lambda one: None),
            "notification.action": self._tapped,
            "service.onTimeout": lambda params: self._stop_foreground(),
            # The foreground service keeps the call.
            "task.removed": lambda params: None,
        }

    # --- Calls tells ---

    def show(self, call: Call) -> None:
        call.is_reported = True
        connection = Connection(call)
        call.uuid = connection.id
        self._connections.append(connection)
        params: Params = {
            "connectionId": connection.id,
            "handle": call.handle or "sip:anonymous@anonymous.invalid",
            "hasVideo": call.has_video,
            **({"displayName": call.name} if call.name else {}),
        }

        def replied(error: Params | None) -> None:
            if error is not None:
                self._refused(connection)

        self._process.ask("telecom.addNewIncomingCall", params, replied)

    def learned(self, call: Call) -> None:
        """The name in the notification; the device link does not carry it."""

    def connected(self, call: Call) -> None:
        connection = self._of(call)
        if connection is not None:
            self._ask("connection.setActive", connection)
            self._calls.set_playing(call, self._calls.may_play(call))

    def finished(self, call: Call) -> None:
        connection = self._of(call)
        if connection is not None:
            # A call that was answered is not a missed one.
            is_remote = call.ended == "remote" and call.is_answered
            self._disconnect(connection, "REMOTE" if is_remote else CAUSES[call.ended or "failed"])

    # --- FCM ---

    def _received(self, params: Params) -> None:
        push = read_push(self._profile, "android", params["message"]["data"])
        if push is None or self._calls.registration is None:
            return
        call = self._calls.find(push)
        if push.is_cancel:
            if call is None:
                call = self._calls.pushed(push)
            if call.ended is None and not call.is_answered:
                self._calls.finish(call, "remote")
        elif call is None:
            self.show(self._calls.pushed(push))

    # --- Telecom ---

    def _acting(self, act: Callable[[Connection], None]) -> Callable[[Params], None]:
        """Whatever comes for a connection that is destroyed crossed with its end."""

        def handler(params: Params) -> None:
            for connection in self._connections:
                if connection.id == params["connectionId"]:
                    act(connection)
                    return

        return handler

    def _created(self, connection: Connection) -> None:
        self._ask("connection.setRinging", connection)
        self._calls.shown(connection.call)

    def _refused(self, connection: Connection) -> None:
        if connection in self._connections:
            self._connections.remove(connection)
            self._calls.refused(connection.call, 486)

    def _show_incoming(self, connection: Connection) -> None:
        if connection.call.is_answered:
            return
        self._notify(connection, ["answer", "decline"], full_screen=True)
        if not self._foreground:
            self._start_foreground(["phoneCall"])

    def _answer(self, connection: Connection) -> None:
        """Comes from Telecom or from the notification, and on some phones twice."""
        call = connection.call
        if call.is_answered:
            return
        # The microphone is for apps in use, which this one has become.
        types = ["phoneCall", "microphone", *(["camera"] if call.has_video else [])]
        self._start_foreground(types, lambda is_running: self._notify_ongoing(connection, is_running))
        self._calls.answer(call)

    def _leave(self, connection: Connection, why: str) -> None:
        self._calls.leave(connection.call, why)
        self._disconnect(connection, CAUSES[why])

    def _hold(self, connection: Connection, on_hold: bool) -> None:
        call = connection.call
        self._calls.hold(call, on_hold)
        self._calls.set_playing(call, False)
        self._ask("connection.setOnHold" if on_hold else "connection.setActive", connection)
        self._calls.set_playing(call, self._calls.may_play(call))

    def _disconnect(self, connection: Connection, cause: str) -> None:
        self._connections.remove(connection)
        self._process.ask("connection.setDisconnected", {"connectionId": connection.id, "cause": cause})
        self._ask("connection.destroy", connection)
        if connection.is_notified:
            self._cancel(connection.id)
        if not self._connections:
            self._stop_foreground()
        elif not any(other.call.is_answered for other in self._connections) and len(self._foreground) > 1:
            self._start_foreground(["phoneCall"])

    # --- notifications and the foreground service ---

    def _tapped(self, params: Params) -> None:
        acts = {
            "answer": self._answer,
            "decline": lambda one: self._leave(one, "declined"),
            "hangup": lambda one: self._leave(one, "hung-up"),
        }
        self._acting(acts[params["action"]])({"connectionId": params["notificationId"]})

    def _notify(self, connection: Connection, actions: list[str], full_screen: bool) -> None:
        connection.is_notified = True
        self._notifications.add(connection.id)
        self._process.ask(
            "notification.post",
            {
                "notificationId": connection.id,
                "style": "CallStyle",
                "fullScreenIntent": full_screen,
                "actions": actions,
            },
        )

    def _notify_ongoing(self, connection: Connection, is_foreground: bool) -> None:
        """Without a foreground service CallStyle is for full-screen intents alone."""
        if connection in self._connections:
            self._notify(connection, ["hangup"], full_screen=not is_foreground)

    def _cancel(self, notification: str) -> None:
        self._notifications.discard(notification)
        self._process.ask("notification.cancel", {"notificationId": notification})

    def _start_foreground(self, types: list[str], then: Callable[[bool], None] = lambda is_running: None) -> None:
        def replied(error: Params | None) -> None:
            if error is None:
                self._foreground = types
            then(bool(self._foreground))

        self._process.ask("service.startForeground", {"types": types}, replied)

    def _stop_foreground(self) -> None:
        if self._foreground:
            self._foreground = []
            self._process.ask("service.stopForeground", {})

    def _ask(self, method: str, connection: Connection) -> None:
        self._process.ask(method, {"connectionId": connection.id})

    def _of(self, call: Call) -> Connection | None:
        return next((connection for connection in self._connections if connection.call is call), None)
