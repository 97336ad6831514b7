"""What HTTP itself declines, before anything is executed: each with its status, in Polish and in English."""

from shared.contracts.refusals import Refused


def bad_request(code: str, pl: str, en: str, field: str | None = None) -> Refused:
    return Refused(code, pl=pl, en=en, field=field, status=400)


def not_acceptable() -> Refused:
    return Refused(
        "NOT_ACCEPTABLE",
        pl="Odpowiedź może mieć typ application/graphql-response+json albo application/json; podaj jeden w Accept.",
        en="An answer is application/graphql-response+json or application/json; name one of them in Accept.",
        status=406,
    )


def subscription_not_acceptable() -> Refused:
    return Refused(
        "NOT_ACCEPTABLE",
        pl="Subskrypcję wysyłamy jako text/event-stream (podaj go w Accept) albo przez graphql-transport-ws.",
        en="A subscription is sent as text/event-stream (name it in Accept), or over graphql-transport-ws.",
        status=406,
    )


def unsupported_media_type() -> Refused:
    return Refused(
        "UNSUPPORTED_MEDIA_TYPE",
        pl="Treść musi mieć Content-Type: application/json, w UTF-8.",
        en="A body must have Content-Type: application/json, in UTF-8.",
        status=415,
    )


def method_not_allowed(pl: str, en: str) -> Refused:
    return Refused("METHOD_NOT_ALLOWED", pl=pl, en=en, status=405)


def not_json() -> Refused:
    return bad_request(
        "BAD_REQUEST", "Treść nie jest poprawnym JSON-em w UTF-8.", "The body is not valid JSON in UTF-8."
    )


def cut_off() -> Refused:
    return bad_request(
        "BAD_REQUEST",
        "Treści nie da się odczytać: jest ucięta albo zakodowana inaczej, niż podano.",
        "The body cannot be read: it is cut off, or not encoded as it says.",
    )


def too_large(limit: int) -> Refused:
    return Refused(
        "REQUEST_ENTITY_TOO_LARGE",
        pl=f"Treść ma więcej niż {limit} bajtów.",
        en=f"The body has more than {limit} bytes.",
        status=413,
    )


def compressed() -> Refused:
    return Refused(
        "UNSUPPORTED_MEDIA_TYPE",
        pl="Treść wysyła się bez kompresji, bez nagłówka Content-Encoding.",
        en="A body is sent uncompressed, without Content-Encoding.",
        status=415,
    )


def too_slow() -> Refused:
    return Refused(
        "REQUEST_TIMEOUT",
        pl="Treść nie dotarła w całości na czas (REQUEST_SECONDS); wyślij ją ponownie.",
        en="The body did not arrive whole in time (REQUEST_SECONDS); send it again.",
        status=408,
    )
