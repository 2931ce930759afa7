"""The device link: JSON-RPC 2.0 over standard input and output, one object per line."""

import asyncio
import json
import sys
import threading
import traceback
from typing import Any, Callable

METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
INTERNAL_ERROR = -32603
NOT_LAUNCHED = -32001
NOT_SUPPORTED = -32003

Params = dict[str, Any]


class Refused(Exception):
    """A request that is answered with an error."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


class Link:
    """
    `serve(method, params)` gives the result of a request, or raises `Refused`. It returns at once: what takes time goes on after the
    reply. So the order in which requests are served, and what they in turn ask, is the order on the link.
    """

    def __init__(self, serve: Callable[[str, Params], object]) -> None:
        self._serve = serve
        self._out = sys.stdout.buffer
        # Every line on stdout is a message; what anything else prints is log.
        sys.stdout = sys.stderr
        self._last_id = 0
        self._open: dict[int, Callable[[Params | None], None]] = {}

    def request(self, method: str, params: Params, on_reply: Callable[[Params | None], None]) -> None:
        """`on_reply` is called with the error, or with None when it was done."""
        self._last_id += 1
        self._open[self._last_id] = on_reply
        self._write({"id": self._last_id, "method": method, "params": params})

    def notify(self, method: str, params: Params) -> None:
        self._write({"method": method, "params": params})

    async def run(self) -> None:
        """Ends with standard input."""
        loop = asyncio.get_running_loop()
        ended = asyncio.Event()

        def read() -> None:
            for line in sys.stdin.buffer:
                loop.call_soon_threadsafe(self._heard, line)
            loop.call_soon_threadsafe(ended.set)

        threading.Thread(target=read, daemon=True).start()
        await ended.wait()

    def _heard(self, line: bytes) -> None:
        message = json.loads(line)
        if "method" in message:
            self._asked(message)
            return
        on_reply = self._open.pop(message.get("id"), None)
        if on_reply is not None:
            on_reply(message.get("error"))

    def _asked(self, message: Params) -> None:
        try:
            answer: Params = {"result": self._serve(message["method"], message.get("params") or {})}
        except Refused as refused:
            answer = {"error": {"code": refused.code, "message": str(refused)}}
        except Exception as error:
            traceback.print_exc()
            answer = {"error": {"code": INTERNAL_ERROR, "message": repr(error)}}
        if "id" in message:
            self._write({"id": message["id"], **answer})

    def _write(self, message: Params) -> None:
        self._out.write(json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\n")
        self._out.flush()
