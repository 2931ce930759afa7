"""Digest credentials: MD5 with qop=auth (RFC 3261 section 22, RFC 2617)."""

import hashlib
import re
import secrets


class Digest:
    """One challenge, answered as often as the nonce is good."""

    def __init__(self, username: str, password: str, challenge: dict[str, str]) -> None:
        self._username = username
        self._password = password
        self._challenge = challenge
        self._count = 0

    def credentials(self, method: str, uri: str) -> str:
        self._count += 1
        realm, nonce = self._challenge["realm"], self._challenge["nonce"]
        count, cnonce = f"{self._count:08x}", secrets.token_hex(8)
        secret = _md5(f"{self._username}:{realm}:{self._password}")
        answer = _md5(f"{secret}:{nonce}:{count}:{cnonce}:auth:{_md5(f'{method}:{uri}')}")
        opaque = f', opaque="{self._challenge["opaque"]}"' if "opaque" in self._challenge else ""
        return (
            f'Digest username="{_escaped(self._username)}", realm="{_escaped(realm)}", nonce="{_escaped(nonce)}", '
            f'uri="{uri}", response="{answer}", algorithm=MD5, qop=auth, nc={count}, cnonce="{cnonce}"{opaque}'
        )


def read_challenges(values: list[str]) -> dict[str, str] | None:
    """The first challenge this client can answer."""
    for value in values:
        scheme, _, rest = value.partition(" ")
        pairs = re.findall(r'(\w+)\s*=\s*(?:"((?:\\.|[^"\\])*)"|([^\s,"]+))', rest)
        challenge = {name.lower(): re.sub(r"\\(.)", r"\1", text) or token for name, text, token in pairs}
        offers_auth = "auth" in [word.strip().lower() for word in challenge.get("qop", "").split(",")]
        is_md5 = challenge.get("algorithm", "MD5").upper() == "MD5"
        if scheme.lower() == "digest" and is_md5 and offers_auth and {"realm", "nonce"} <= challenge.keys():
            return challenge
    return None


def _md5(text: str) -> str:
    return hashlib.md5(text.encode("utf-8", "surrogateescape")).hexdigest()


def _escaped(text: str) -> str:
    return re.sub(r'(["\\])', r"\\\1", text)
