"""Every answer that is not the asked one, in one form: {"errors": [{code, message, field, legalBasis}]}."""

import logging
import secrets

import msgspec
from aiohttp import web

from shared.contracts.base import encode
from shared.contracts.refusals import Refusals, Refused, invalid, preferred
from shared.service.requests import Handler
from shared.service.traced import route
from shared.store.port import StoreUnavailable

log = logging.getLogger(__name__)


def json(data: object, status: int = 200) -> web.Response:
    return web.Response(body=encode(data), status=status, content_type="application/json")


@web.middleware
async def answer_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The outermost middleware: nothing internal leaves, and what went wrong is logged under the id that is told."""
    try:
        return await handler(request)
    except Refused as refused:
        return _refuse(request, refused)
    except msgspec.ValidationError as error:
        return _refuse(request, invalid(error))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _refuse(
            request,
            Refused(
                "MALFORMED_JSON",
                pl="Treść zapytania nie jest poprawnym dokumentem JSON.",
                en="The body is not well-formed JSON.",
                status=400,
            ),
        )
    except web.RequestPayloadError:
        return _refuse(
            request,
            Refused(
                "BODY_UNREADABLE",
                pl="Treść zapytania jest urwana albo zakodowana inaczej, niż mówi nagłówek.",
                en="The body is cut off, or not encoded as its header says.",
                status=400,
            ),
        )
    except StoreUnavailable:
        return _refuse(
            request,
            Refused(
                "STORE_UNAVAILABLE",
                pl="Baza danych chwilowo nie odpowiada; nic nie zapisano. Spróbuj ponownie.",
                en="The database does not answer at the moment; nothing was stored. Try again.",
                status=503,
            ),
        )
    except web.HTTPException as error:
        code = error.reason.upper().replace(" ", "_")
        return _refuse(
            request, Refused(code, pl=f"Żądanie odrzucone: {error.reason}.", en=f"{error.reason}.", status=error.status)
        )
    except ConnectionError:
        # who asked has gone: nobody is there to be answered, and nothing is wrong here
        raise
    except Exception:
        incident = secrets.token_hex(8)
        log.exception("incident %s at %s %s", incident, request.method, route(request))
        return _refuse(
            request,
            Refused(
                "INTERNAL_ERROR",
                pl=f"Błąd po naszej stronie. Podaj przy zgłoszeniu numer {incident}.",
                en=f"A fault on our side. When you report it, name {incident}.",
                status=500,
            ),
        )


def _refuse(request: web.Request, refused: Refused) -> web.Response:
    return json(Refusals(errors=(refused.item(preferred(request.headers.get("Accept-Language"))),)), refused.status)
