"""What a process of the app lives in: it is suspended and woken, its timers are its own, and with it all of them end."""

import asyncio
import traceback
from typing import Callable

from link import Link, Params

Step = Callable[[], None]


class Timer:
    def __init__(self) -> None:
        self.handle: asyncio.TimerHandle | None = None
        self.cancelled = False

    def cancel(self) -> None:
        self.cancelled = True
        if self.handle is not None:
            self.handle.cancel()


class Process:
    """
    Everything the app does is a step, and no step waits. While the process is suspended none runs: replies and notices wait in
    `_heard`, timers that have run out in `_due`, packets in their sockets (see `on_pause` and `on_resume`).
    """

    def __init__(self, device: str, link: Link, on_crash: Callable[[str], None]) -> None:
        self.device = device
        self.is_alive = True
        self.is_suspended = False
        self.on_pause: Step = lambda: None
        self.on_resume: Step = lambda: None
        self.on_end: Step = lambda: None
        self._link = link
        self._on_crash = on_crash
        self._heard: list[Step] = []
        self._due: list[Step] = []
        self._timers: set[Timer] = set()

    def ask(self, method: str, params: Params, on_reply: Callable[[Params | None], None] = lambda error: None) -> None:
        """Asks the operating system; `on_reply` gets the error, or None when it was done."""

        def replied(error: Params | None) -> None:
            self.hear(lambda: on_reply(error))

        self._link.request(method, {"device": self.device, **params}, replied)

    def tell(self, method: str, params: Params) -> None:
        self._link.notify(method, {"device": self.device, **params})

    def after(self, delay_s: float, step: Step) -> Timer:
        timer = Timer()

        def due() -> None:
            self._timers.discard(timer)
            if self.is_suspended:
                # It may be cancelled before the process runs on.
                self._due.append(lambda: None if timer.cancelled else step())
            else:
                self.run(step)

        timer.handle = asyncio.get_running_loop().call_later(delay_s, due)
        self._timers.add(timer)
        return timer

    def run(self, step: Step) -> None:
        """A step that fails is the end of the process, as an exception that nobody catches is that of an app."""
        if not self.is_alive:
            return
        try:
            step()
        except Exception:
            self.end()
            self._on_crash(traceback.format_exc())

    def hear(self, step: Step) -> None:
        """A step that does not wake the process."""
        if self.is_suspended:
            self._heard.append(step)
        else:
            self.run(step)

    def suspend(self) -> None:
        if not self.is_suspended:
            self.is_suspended = True
            self.on_pause()

    def wake(self, step: Step) -> None:
        """Runs a step of the operating system's: after what was heard before it, and before any timer may take offence."""
        was_suspended, self.is_suspended = self.is_suspended, False
        heard, self._heard = self._heard, []
        due, self._due = self._due, []
        for one in [*heard, step]:
            self.run(one)
        if was_suspended:
            self.run(self.on_resume)
        for one in due:
            self.run(one)

    def end(self) -> None:
        """Process death: nothing is said to anybody."""
        self.is_alive = False
        for timer in self._timers:
            timer.cancel()
        self.on_end()
