"""How a process learns that it should stop."""

import asyncio
import os
import signal


async def until_stopped() -> None:
    """Returns on SIGTERM or SIGINT. A second one ends the process at once, whatever it is doing."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def told(sign: signal.Signals) -> None:
        if stop.is_set():
            # not by the signal's own default: the first process of a container would not heed it
            os._exit(128 + sign)
        stop.set()

    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, told, sign)
    await stop.wait()
