"""One process of the app on one device: account, registration, calls and the screen they are shown on."""

from dataclasses import dataclass, field
from typing import Callable

from android import AndroidScreen
from calls import Calls
from ios import IosScreen
from link import Params
from process import Process, Timer
from registration import Bindings, Registration
from session import ALLOW, Session
from sip import Request, param, user_of
from transport import Endpoint, ServerTransaction

PUSHES = {"pushRegistry.didReceiveIncomingPush", "messagingService.onMessageReceived"}
# How long a launch waits for the token, or the push it was for, before the first REGISTER.
FIRST_REGISTER_S = 1.0


@dataclass
class Disk:
    """What outlives the process. Android tells the token once; PushKit at each launch."""

    bindings: Bindings = field(default_factory=Bindings)
    token: str | None = None
    notifications: set[str] = field(default_factory=set)


class App:
    """`handlers` are the device link's requests about this device, but launch, suspend and terminate."""

    def __init__(
        self, process: Process, profile: Params, launch: Params, disk: Disk, invite_wait_s: float
    ) -> None:
        self._process = process
        self._profile = profile
        self._push = launch["push"]
        self._disk = disk
        self._is_foreground = launch["reason"] == "user"
        self._registration: Registration | None = None
        self._endpoint: Endpoint | None = None
        self._sessions: list[Session] = []
        self._calls = Calls(process, profile, invite_wait_s)
        screen: AndroidScreen | IosScreen
        if launch["platform"] == "android":
            screen = AndroidScreen(process, self._calls, profile, disk.notifications)
        else:
            screen = IosScreen(process, self._calls, profile)
            disk.token = None
        self._calls.screen = screen
        self.handlers: dict[str, Callable[[Params], None]] = {
            **screen.handlers,
            "pushRegistry.didUpdatePushCredentials": lambda params: self._token_changed(params["token"]),
            "pushRegistry.didInvalidatePushToken": lambda params: self._token_changed(None),
            "messagingService.onNewToken": lambda params: self._token_changed(params["token"]),
            "device.foreground": lambda params: self._foregrounded(),
            "device.background": lambda params: self._backgrounded(),
        }
        for method in self.handlers.keys() & PUSHES:
            self.handlers[method] = self._refreshing(self.handlers[method])
        # Notices, which wake nobody.
        self.notices: dict[str, Callable[[Params], None]] = {
            "network.changed": lambda params: self._network_changed(params["reachable"]),
            "account.changed": lambda params: self._account_changed(params["account"]),
        }
        process.on_pause = self._paused
        process.on_resume = self._resumed
        process.on_end = self._ended
        # One REGISTER is enough where token and push are about to come.
        self._first: Timer | None = None
        self._waits_for_push = launch["reason"] == "push"
        self._log_in(launch["account"])

    def _log_in(self, account: Params | None) -> None:
        if account is None:
            return
        server = (account["registrar"]["host"], account["registrar"]["port"])
        if self._endpoint is None:
            self._endpoint = Endpoint(self._process, server)
            self._endpoint.on_request = self._requested
            self._endpoint.on_ack = self._acknowledged
        self._endpoint.server = server
        registration = Registration(
            self._process, self._endpoint, self._profile, account, self._push, self._disk.bindings
        )
        registration.on_settled = self._calls.settled
        registration.on_refused = self._calls.unregistered
        registration.needs_retry = lambda: self._is_foreground or len(self._calls.live) > 0
        registration.set_token(self._disk.token)
        self._registration = self._calls.registration = registration
        if self._disk.token is not None and not self._waits_for_push:
            registration.refresh()
        else:
            self._first = self._process.after(FIRST_REGISTER_S, self._register)

    def _register(self) -> None:
        if self._first is not None:
            self._first.cancel()
            self._first = None
        if self._registration is not None:
            self._registration.refresh()

    def _token_changed(self, token: str | None) -> None:
        is_new = token != self._disk.token
        self._disk.token = token
        if self._registration is None or not is_new:
            return
        self._registration.set_token(token)
        if not self._waits_for_push:
            self._register()

    def _refreshing(self, handler: Callable[[Params], None]) -> Callable[[Params], None]:
        """RFC 8599 4.1.3: a push is followed by a REGISTER, whatever it was for. The report does not wait for it."""

        def handle(params: Params) -> None:
            self._waits_for_push = False
            handler(params)
            self._register()

        return handle

    def _foregrounded(self) -> None:
        self._is_foreground = True
        if self._registration is not None and not self._registration.is_registered:
            self._register()

    def _backgrounded(self) -> None:
        self._is_foreground = False

    def _network_changed(self, is_reachable: bool) -> None:
        if self._registration is None:
            return
        if is_reachable:
            self._registration.restart()
        else:
            self._registration.interrupt()

    def _account_changed(self, account: Params | None) -> None:
        """The calls of an account end with it."""
        self._calls.finish_all("failed")
        if self._first is not None:
            self._first.cancel()
        if self._registration is not None:
            self._registration.remove()
        self._registration = self._calls.registration = None
        self._log_in(account)

    def _requested(self, transaction: ServerTransaction) -> None:
        request = transaction.request
        if param(request.get("to"), "tag"):
            session = self._session_of(request)
            if session is None:
                transaction.respond(481)
            else:
                session.requested(transaction)
        elif request.method == "OPTIONS":
            transaction.respond(200, headers=[ALLOW, ("Accept", "application/sdp")])
        elif request.method != "INVITE":
            transaction.respond(405, headers=[ALLOW])
        elif required := request.all("require"):
            transaction.respond(420, headers=[("Unsupported", ", ".join(required))])
        elif self._registration is None:
            transaction.respond(480)
        elif not self._registration.is_own_user(user_of(request.uri)):
            transaction.respond(404)
        else:
            self._invited(transaction, self._registration)

    def _invited(self, transaction: ServerTransaction, registration: Registration) -> None:
        assert self._endpoint is not None
        session = Session(self._process, self._endpoint, transaction, registration.contact)
        self._sessions = [*(known for known in self._sessions if not known.is_over), session]
        self._calls.invited(session)

    def _acknowledged(self, ack: Request) -> None:
        session = self._session_of(ack)
        if session is not None:
            session.acknowledged(ack)

    def _session_of(self, request: Request) -> Session | None:
        return next((session for session in self._sessions if session.owns(request)), None)

    def _paused(self) -> None:
        if self._endpoint is not None:
            self._endpoint.pause()

    def _resumed(self) -> None:
        if self._endpoint is not None:
            self._endpoint.resume()
            self._endpoint.read()

    def _ended(self) -> None:
        if self._endpoint is not None:
            self._endpoint.close()
