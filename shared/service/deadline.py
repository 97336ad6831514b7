"""What nobody waits for any more is not done: a read ends with its deadline, a write does not begin after it."""

import asyncio

from aiohttp import web

from shared.contracts.deadline import HEADER, seconds_left
from shared.contracts.refusals import Refused
from shared.service.requests import Handler

_READS = ("/batch", "/find", "/related")


@web.middleware
async def keep_deadline(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Raises Refused (504) when the time the caller named is over.

    A write that has begun goes on: it is stored or it is not, and its idempotency key tells which.
    """
    left = seconds_left(request.headers.get(HEADER))
    if left is None:
        return await handler(request)
    if left == 0:
        raise _over()
    if not request.path.endswith(_READS):
        return await handler(request)
    try:
        async with asyncio.timeout(left) as timer:
            return await handler(request)
    except TimeoutError:
        if timer.expired():
            raise _over() from None
        raise


def _over() -> Refused:
    return Refused(
        "DEADLINE_PASSED",
        pl="Czas, na który liczył pytający, minął; nic nie zapisano. Spróbuj ponownie z dłuższym czasem.",
        en="The time the caller allowed is over; nothing was stored. Try again and allow more.",
        status=504,
    )
