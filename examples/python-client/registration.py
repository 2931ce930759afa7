"""Keeps one account registered, and tells the push service's names with it (RFC 3261 section 10, RFC 8599 section 4.1)."""

import re
import secrets
from dataclasses import dataclass, field
from typing import Callable

from link import Params
from process import Process, Timer
from register import EXPIRES_S, RegisterClient
from sip import Header, Response, escaped_param, param, uri_of
from transport import Endpoint

FIRST_RETRY_S = 2.0
LAST_RETRY_S = 60.0

PN_PARAMETERS = {"pn-provider": "<provider>", "pn-param": "<param>", "pn-prid": "<token>"}


@dataclass
class Bindings:
    """On disk: the Contacts that may stand at the registrar, without push parameters."""

    aor: str = ""
    contacts: list[str] = field(default_factory=list)


class Registration:
    """
    What was bound before, by a former process or with a former token, is removed once the new Contact is bound. Every token has a
    Contact of its own, so that each can be named without its pn-prid, which a removal must not carry (RFC 8599 4.1.2).
    """

    def __init__(
        self, process: Process, endpoint: Endpoint, profile: Params, account: Params, push: Params, bindings: Bindings
    ) -> None:
        # The registrar has answered well, or nobody answered.
        self.on_settled: Callable[[], None] = lambda: None
        # Refused for good: not to be tried again with what is known.
        self.on_refused: Callable[[], None] = lambda: None
        self.needs_retry: Callable[[], bool] = lambda: True
        self.is_registered = False
        self._process = process
        self._endpoint = endpoint
        self._profile = profile
        self._account = account
        self._push = push
        self._bindings = bindings
        if bindings.aor != account["aor"]:
            bindings.aor, bindings.contacts = account["aor"], []
        self._client = RegisterClient(endpoint, account)
        self._token: str | None = None
        self._users: set[str] = set()
        self._contact = self._new_contact()
        self._is_wanted = False
        self._is_cleaning = False
        self._is_removed = False
        self._timer: Timer | None = None
        self._retry_s = FIRST_RETRY_S
        self._lifetime: Timer | None = None

    @property
    def contact(self) -> str:
        """For dialogs: without push parameters."""
        return self._contact

    @property
    def is_settled(self) -> bool:
        """No answer is waited for that would tell whether the account is registered."""
        return not self._is_wanted and (self._is_cleaning or not self._client.is_busy)

    def is_own_user(self, user: str) -> bool:
        """User parts of every Contact of this process: an INVITE may have left before the newest REGISTER arrived."""
        return user in self._users

    def set_token(self, token: str | None) -> None:
        """Nothing is sent before `refresh`."""
        if token == self._token:
            return
        self._token = token
        if self._contact in self._bindings.contacts:
            self._contact = self._new_contact()

    def refresh(self) -> None:
        self._is_wanted = True
        self._cancel_timer()
        if not self._client.is_busy:
            self._bind()

    def restart(self) -> None:
        """The network is another one: what is on its way gets nowhere."""
        self.interrupt()
        self.refresh()

    def interrupt(self) -> None:
        self._cancel_timer()
        self._client.abandon()
        self._is_cleaning = self._is_wanted = False
        self.is_registered = False

    def remove(self) -> None:
        """Logs out."""
        self.interrupt()
        self._is_removed = True
        self._clean(list(self._bindings.contacts))

    def _bind(self) -> None:
        self._is_wanted = False
        contact, token = self._contact, self._token
        # It may be bound although no answer comes.
        self._bindings.contacts = [*(one for one in self._bindings.contacts if one != contact), contact]

        def fields(expires_s: int) -> list[Header]:
            params = self._push_params(token) if token is not None else ""
            bound: list[Header] = [("Contact", f"<{contact}{params}>;expires={expires_s}")]
            header = self._profile["registration"].get("header")
            if header is not None and token is not None:
                bound.append((header["name"], self._filled(header["value"], token)))
            return bound

        self._client.send(fields, lambda response: self._answered(response, contact))

    def _answered(self, response: Response | None, contact: str) -> None:
        if response is None or response.status == 408 or 500 <= response.status < 600:
            self._failed(response)
        elif response.status >= 300:
            self._is_wanted = self.is_registered = False
            self.on_refused()
        else:
            self._bound(response, contact)

    def _bound(self, response: Response, contact: str) -> None:
        self._retry_s = FIRST_RETRY_S
        granted_s = _granted_s(response, contact)
        self._live_for(granted_s)
        if self._is_wanted:
            self._bind()
        else:
            if not any("+sip.pns" in value for value in response.all("feature-caps")):
                # RFC 8599 4.1.4: where a push comes in time nothing else refreshes the binding.
                self._timer = self._process.after(0.8 * granted_s, self.refresh)
            self._clean([one for one in self._bindings.contacts if one != contact])
        self.on_settled()

    def _clean(self, contacts: list[str]) -> None:
        if not contacts:
            return
        self._is_cleaning = True
        params = self._push_params(None)
        fields: list[Header] = [("Contact", f"<{contact}{params}>;expires=0") for contact in contacts]
        self._client.send(lambda expires_s: fields, lambda response: self._cleaned(response, contacts))

    def _cleaned(self, response: Response | None, contacts: list[str]) -> None:
        """What could not be removed is tried again after the next REGISTER."""
        self._is_cleaning = False
        is_done = response is not None and response.status < 300
        # Somebody else may have logged in meanwhile.
        if is_done and self._bindings.aor == self._account["aor"]:
            self._bindings.contacts = [one for one in self._bindings.contacts if one not in contacts]
        if self._is_wanted and not self._is_removed:
            self._bind()

    def _failed(self, response: Response | None) -> None:
        """Nobody answered, or somebody who may be better soon."""
        self._is_wanted = False
        asked = re.match(r"\d+", response.get("retry-after")) if response is not None else None
        if self.needs_retry():
            self._timer = self._process.after(max(self._retry_s, float(asked[0]) if asked else 0), self.refresh)
            self._retry_s = min(2 * self._retry_s, LAST_RETRY_S)
        self.on_settled()

    def _live_for(self, granted_s: float) -> None:
        self.is_registered = True
        if self._lifetime is not None:
            self._lifetime.cancel()

        def over() -> None:
            self.is_registered = False

        self._lifetime = self._process.after(granted_s, over)

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _new_contact(self) -> str:
        user = secrets.token_hex(6)
        self._users.add(user)
        host = f"[{self._endpoint.host}]" if ":" in self._endpoint.host else self._endpoint.host
        return f"sip:{user}@{host}:{self._endpoint.port}"

    def _push_params(self, token: str | None) -> str:
        """Without a token, what would hold it is left out."""
        registration = self._profile["registration"]
        templates = registration.get("contactParams", {} if "header" in registration else PN_PARAMETERS)
        return "".join(
            f";{name}={escaped_param(self._filled(template, token or ''))}"
            for name, template in templates.items()
            if token is not None or "<token>" not in template
        )

    def _filled(self, template: str, token: str) -> str:
        values = {"<provider>": self._push["provider"], "<param>": self._push["param"], "<token>": token}
        return re.sub("|".join(values), lambda place: values[place[0]], template)


def _granted_s(response: Response, contact: str) -> float:
    own = next((value for value in response.all("contact") if uri_of(value).startswith(contact)), "")
    text = param(own, "expires") or response.get("expires")
    return float(text) if text.isdigit() else EXPIRES_S
