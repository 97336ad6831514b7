"""A refusal: what a service declines, by which rule, and how to mend it. In Polish and in English."""

import re
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from shared.contracts.base import Record
from shared.contracts.explain import explain
from shared.contracts.personal import FOUND


class Language(StrEnum):
    PL = "pl"
    EN = "en"


def preferred(accept_language: str | None) -> Language:
    """Polish unless the client prefers English (Accept-Language, RFC 9110 section 12.5.4; weights are ignored)."""
    for part in (accept_language or "").split(","):
        match part.strip().lower()[:2]:
            case "pl":
                return Language.PL
            case "en":
                return Language.EN
    return Language.PL


class RefusalItem(Record, frozen=True, kw_only=True):
    """What a client gets to see of one refused thing."""

    code: Annotated[str, Meta(description="A stable name of the rule, for programs")]
    message: Annotated[str, Meta(description="What is wrong and how to mend it, in the asked language")]
    field: Annotated[str | None, Meta(description="Where in the input, as a path: meetings.0.endsAt")] = None
    legal_basis: Annotated[str | None, Meta(description="The article of law behind the rule")] = None


class Refusals(Record, frozen=True, kw_only=True):
    errors: tuple[RefusalItem, ...]


class Refused(Exception):
    """Raised by a rule; the service's HTTP side turns it into `status` and a `Refusals` body."""

    def __init__(
        self,
        code: str,
        *,
        pl: str,
        en: str,
        field: str | None = None,
        legal_basis: str | None = None,
        status: int = 422,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.pl = pl
        self.en = en
        self.field = field
        self.legal_basis = legal_basis
        self.status = status

    def item(self, language: Language) -> RefusalItem:
        message = self.pl if language is Language.PL else self.en
        return RefusalItem(code=self.code, message=message, field=self.field, legal_basis=self.legal_basis)


_AT = re.compile(r"^(?P<what>.*?)(?: - at `(?P<path>.*)`)?$", re.DOTALL)


def invalid(error: msgspec.ValidationError) -> Refused:
    """What is wrong with a body, as a refusal that names the field: `$.a.b[0]` becomes `a.b.0`."""
    match = _AT.match(str(error))
    what, path = (match["what"], match["path"] or "") if match else (str(error), "")
    path = path.removeprefix("$").replace("[", ".").replace("]", "").strip(".")
    pl, en = explain(what)
    return Refused(
        "PERSONAL_NUMBER" if what.startswith(FOUND) else "INVALID_INPUT",
        pl=f"Pole „{path}”: {pl}." if path else f"Nieprawidłowe dane: {pl}.",
        en=f'Field "{path}": {en}.' if path else f"Invalid input: {en}.",
        field=path or None,
    )
