"""An event loop on which sleeps and timeouts take no real time."""

import asyncio
import selectors


class _Skipping(selectors.DefaultSelector):
    """Never waits for a timer, but adds up the time."""

    skipped = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is not None:
            self.skipped += max(timeout, 0)
            timeout = 0
        return super().select(timeout)


class SkippingLoop(asyncio.SelectorEventLoop):
    """Its clock jumps to the next timer whenever the loop is idle."""

    def __init__(self) -> None:
        self._skipping = _Skipping()
        super().__init__(self._skipping)

    def time(self) -> float:
        return super().time() + self._skipping.skipped
