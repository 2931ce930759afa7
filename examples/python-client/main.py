"""The adapter: as many devices in one program as RingTrue launches (contract `ringtrue.device/1`)."""

import argparse
import asyncio
import sys
from typing import Callable

from app import App, Disk
from link import INVALID_PARAMS, METHOD_NOT_FOUND, NOT_LAUNCHED, NOT_SUPPORTED, Link, Params, Refused
from process import Process

PROTOCOL = "ringtrue.device/1"
PLATFORMS = ["ios", "android"]
TRANSPORTS = ["udp"]

NEEDED = {
    "initialize": ("profile",),
    "device.launch": ("device", "platform", "reason", "account", "push"),
    "device.suspend": ("device",),
    "device.terminate": ("device",),
}


class Adapter:
    """`invite_wait_s`: how long a call that was pushed waits for its INVITE."""

    def __init__(self, invite_wait_s: float) -> None:
        self.link = Link(self._serve)
        self._invite_wait_s = invite_wait_s
        self._profile: Params = {}
        self._running: dict[str, tuple[Process, App]] = {}
        self._disks: dict[str, Disk] = {}
        self._own: dict[str, Callable[[Params], object]] = {
            "initialize": self._initialize,
            "device.launch": self._launch,
            "device.suspend": lambda params: self._process_of(params)[0].suspend(),
            "device.terminate": self._terminate,
        }

    def _serve(self, method: str, params: Params) -> object:
        for name in NEEDED.get(method, ()):
            if name not in params:
                raise Refused(INVALID_PARAMS, f"{method} without {name}")
        own = self._own.get(method)
        if own is not None:
            return own(params) or {}
        self._hand_over(method, params)
        return {}

    def _initialize(self, params: Params) -> Params:
        self._profile = params["profile"]
        return {
            "protocol": PROTOCOL,
            "app": {"name": "RingTrue's Python example", "version": "1.0"},
            "platforms": PLATFORMS,
            "transports": TRANSPORTS,
            "telecom": "self-managed",
            "features": ["video"],
        }

    def _launch(self, params: Params) -> None:
        device, account = params["device"], params["account"]
        if device in self._running:
            raise Refused(INVALID_PARAMS, f"{device} is launched")
        if params["platform"] not in PLATFORMS:
            raise Refused(NOT_SUPPORTED, f"no platform {params['platform']}")
        if account is not None and account["registrar"]["transport"] not in TRANSPORTS:
            raise Refused(NOT_SUPPORTED, f"no transport {account['registrar']['transport']}")

        def crashed(message: str) -> None:
            self._running.pop(device, None)
            self.link.notify("device.died", {"device": device, "message": message})

        process = Process(device, self.link, crashed)
        app = App(process, self._profile, params, self._disks.setdefault(device, Disk()), self._invite_wait_s)
        self._running[device] = (process, app)

    def _terminate(self, params: Params) -> None:
        process, _ = self._process_of(params)
        del self._running[params["device"]]
        process.end()

    def _hand_over(self, method: str, params: Params) -> None:
        if "device" not in params:
            raise Refused(METHOD_NOT_FOUND, f"no method {method}")
        process, app = self._process_of(params)
        notice, handler = app.notices.get(method), app.handlers.get(method)
        if notice is not None:
            process.hear(lambda: notice(params))
        elif handler is not None:
            process.wake(lambda: handler(params))
        else:
            raise Refused(METHOD_NOT_FOUND, f"no method {method}")

    def _process_of(self, params: Params) -> tuple[Process, App]:
        device = params["device"]
        if device not in self._running:
            raise Refused(NOT_LAUNCHED, f"{device} is not launched")
        return self._running[device]


def main() -> None:
    options = argparse.ArgumentParser(description="A calling app, driven over standard input and output.")
    # A cold start and a REGISTER fit into the default.
    options.add_argument("--invite-wait-ms", type=float, default=20_000)
    invite_wait_s = options.parse_args().invite_wait_ms / 1000
    try:
        asyncio.run(Adapter(invite_wait_s).link.run())
    except (BrokenPipeError, KeyboardInterrupt):
        sys.exit(0)


if __name__ == "__main__":
    main()
