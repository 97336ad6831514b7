"""Logs: to standard output, one line an event, and nothing in them that a person sent."""

import logging

_SERVER_LOGS = ("aiohttp.server", "aiohttp.websocket", "aiohttp.web", "strawberry.ws")


class _WithoutWhatWasSent(logging.Filter):
    """These libraries log whom they could not understand, and what he sent: of that only the kind of error stays."""

    def filter(self, record: logging.LogRecord) -> bool:
        kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else "something wrong"
        record.msg, record.args, record.exc_info, record.exc_text = (
            f"a client sent what is no request: {kind}",
            (),
            None,
            None,
        )
        return True


def begin(name: str) -> None:
    """For a whole process, once."""
    logging.basicConfig(level=logging.INFO, format=f"%(asctime)s {name} %(levelname)s %(name)s: %(message)s")
    for server in _SERVER_LOGS:
        logging.getLogger(server).addFilter(_WithoutWhatWasSent())
