"""`python -m shared.health`: whether the process of this container lives; exit 0 or 1.

Only that: a process whose store is away must not be started again for it, it would lose what it keeps in memory and
help nobody. Whether it should be sent requests is `/ready`, for those who send them.
"""

import http.client
import sys

from shared.environment import port

PATIENCE = 2.5
"""Seconds."""


def lives(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", "/live")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(0 if lives(port("METRICS_PORT", port("PORT", 8080))) else 1)
