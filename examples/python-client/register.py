"""REGISTER requests of one account, one at a time (RFC 3261 10.2): challenges and too brief lifetimes are seen to."""

import secrets
from typing import Callable

from digest import Digest, read_challenges
from link import Params
from session import ALLOW
from sip import Header, Request, Response, new_tag, quoted
from transport import ClientTransaction, Endpoint

EXPIRES_S = 3600
# How often one REGISTER is sent anew with other credentials or another lifetime.
MAX_REPEATS = 2


class RegisterClient:
    def __init__(self, endpoint: Endpoint, account: Params) -> None:
        self._endpoint = endpoint
        self._account = account
        self._call_id = secrets.token_hex(12)
        self._from_tag = new_tag()
        self._cseq = 0
        self._expires_s = EXPIRES_S
        self._digest: Digest | None = None
        self._digest_field = "Authorization"
        self._repeats = 0
        self._open: ClientTransaction | None = None

    @property
    def is_busy(self) -> bool:
        return self._open is not None

    def send(self, fields: Callable[[int], list[Header]], on_final: Callable[[Response | None], None]) -> None:
        """`fields` are made of the lifetime in seconds. `on_final` gets the last final response; None: there was none."""
        self._repeats = 0
        self._send(fields, on_final)

    def abandon(self) -> None:
        if self._open is not None:
            self._open.abandon()
            self._open = None

    def _send(self, fields: Callable[[int], list[Header]], on_final: Callable[[Response | None], None]) -> None:
        def answered(response: Response | None) -> None:
            if response is not None and response.status < 200:
                return
            self._open = None
            if response is not None and self._repeats < MAX_REPEATS and self._is_remedied(response):
                self._repeats += 1
                self._send(fields, on_final)
            else:
                on_final(response)

        self._cseq += 1
        account, uri = self._account, f"sip:{self._account['registrar']['domain']}"
        headers: list[Header] = [
            ("Max-Forwards", "70"),
            ("From", f"{quoted(account['displayName'])} <{account['aor']}>;tag={self._from_tag}"),
            ("To", f"<{account['aor']}>"),
            ("Call-ID", self._call_id),
            ("CSeq", f"{self._cseq} REGISTER"),
            ALLOW,
            *fields(self._expires_s),
        ]
        if self._digest is not None:
            headers.append((self._digest_field, self._digest.credentials("REGISTER", uri)))
        request = Request(headers, b"", "REGISTER", uri)
        self._open = self._endpoint.request(request, self._endpoint.server, answered, lambda: answered(None))

    def _is_remedied(self, response: Response) -> bool:
        if response.status == 423 and response.get("min-expires").isdigit():
            self._expires_s = int(response.get("min-expires"))
            return True
        if response.status not in (401, 407):
            return False
        is_proxy = response.status == 407
        challenge = read_challenges(response.fields("proxy-authenticate" if is_proxy else "www-authenticate"))
        if challenge is None:
            return False
        self._digest = Digest(self._account["username"], self._account["password"], challenge)
        self._digest_field = "Proxy-Authorization" if is_proxy else "Authorization"
        return True
