"""What a push says, read as the profile of `initialize` lays down."""

import json
import re
from dataclasses import dataclass
from typing import Any

from link import Params

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.I)


@dataclass(frozen=True)
class Push:
    """At least one of the three keys is there. What is not told is empty."""

    call_uuid: str
    call_id: str
    hint: str
    handle: str
    caller_name: str
    has_video: bool
    is_cancel: bool

    @property
    def uuid(self) -> str | None:
        """The key, where it is a UUID."""
        return self.call_uuid if UUID.fullmatch(self.call_uuid) else None


def read_push(profile: Params, platform: str, payload: object) -> Push | None:
    """None for a payload that names no call."""
    if not isinstance(payload, dict):
        return None

    def value(name: str) -> Any:
        return _at(payload, _pointer(profile["payload"].get(name), platform))

    cancel = profile.get("cancelByPush")
    push = Push(
        call_uuid=_key(value("callUUID")),
        call_id=_key(value("callId")),
        hint=_key(value("hint")),
        handle=_key(value("handle")),
        caller_name=_key(value("callerName")),
        # FCM carries strings alone, and "false" is one.
        has_video=str(value("video")).lower() in ("true", "1"),
        is_cancel=isinstance(cancel, dict) and _at(payload, cancel["pointer"]) == cancel["value"],
    )
    return push if push.call_uuid or push.call_id or push.hint else None


def is_same_call(profile: Params, first: Push, second: Push) -> bool:
    return _main_key(profile, first) == _main_key(profile, second)


def names_call(profile: Params, push: Push, call_id: str, header: str) -> bool | None:
    """
    Whether the push is of the INVITE with this Call-ID, and this value of the profile's header field. None: the push says nothing
    by which that could be known.
    """
    keys = [key for key in (push.hint, push.call_id, push.call_uuid.lower()) if key]
    if not _is_by_call_id(profile) and header:
        return _main_key(profile, push) in (header, header.lower())
    if call_id in keys or call_id.lower() == push.call_uuid.lower():
        return True
    return False if push.call_id else None


def correlation_header(profile: Params) -> str | None:
    return None if _is_by_call_id(profile) else str(profile["correlation"]["sip"]).lower()


def _is_by_call_id(profile: Params) -> bool:
    return str(profile["correlation"]["sip"]).lower() == "call-id"


def _main_key(profile: Params, push: Push) -> str:
    uuid = push.call_uuid.lower()
    return (push.call_id or push.hint or uuid) if _is_by_call_id(profile) else (push.hint or push.call_id or uuid)


def _pointer(pointer: object, platform: str) -> str | None:
    found = pointer.get(platform) if isinstance(pointer, dict) else pointer
    return found if isinstance(found, str) else None


def _at(payload: object, pointer: str | None) -> object:
    """RFC 6901; where the pointer enters a string, that is read as JSON first."""
    if pointer is None:
        return None
    here = payload
    for token in pointer.split("/")[1:]:
        name = token.replace("~1", "/").replace("~0", "~")
        if isinstance(here, str):
            try:
                here = json.loads(here)
            except ValueError:
                return None
        if isinstance(here, list) and name.isdigit() and int(name) < len(here):
            here = here[int(name)]
        elif isinstance(here, dict):
            here = here.get(name)
        else:
            return None
    return here


def _key(value: object) -> str:
    """A key is a non-empty string or a number."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return value if isinstance(value, str) else str(value) if is_number else ""
