"""An extract of the KRS register (JSON) as a row: the entity itself, and nothing of the people in it.

`dzial2` holds people; it is not read. During maintenance the register answers HTTP 200 with a page that is not JSON:
that, and JSON of another shape, is no extract and is refused.
"""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

import msgspec

from services.registry.exchange.reading import TOO_DEEP
from services.registry.organisations import names
from shared.contracts.organisations import LegalForm
from shared.contracts.paths import nested_deeply
from shared.contracts.refusals import Refused, invalid

# the first that the form's name contains; an OSP is an association whose own name says so
_FORMS = (
    ("SPÓŁDZIELNIA SOCJALNA", LegalForm.SOCIAL_COOPERATIVE),
    ("ZWIĄZEK STOWARZYSZEŃ", LegalForm.ASSOCIATION_UNION),
    ("KULTURY FIZYCZNEJ", LegalForm.SPORTS_CLUB),
    ("STOWARZYSZENIE", LegalForm.ASSOCIATION),
    ("FUNDACJA", LegalForm.FOUNDATION),
    ("KOŚCI", LegalForm.CHURCH_ENTITY),
    ("SPÓŁKA", LegalForm.COMPANY),
)

# what the register calls more narrowly than the court does: no contradiction
_NARROWER: Mapping[LegalForm, frozenset[LegalForm]] = MappingProxyType(
    {
        LegalForm.ASSOCIATION: frozenset(
            {
                LegalForm.ASSOCIATION_UNION,
                LegalForm.ASSOCIATION_BRANCH,
                LegalForm.VOLUNTEER_FIRE_BRIGADE,
                LegalForm.FIRE_BRIGADE_UNION,
                LegalForm.SPORTS_CLUB,
                LegalForm.STUDENT_SPORTS_CLUB,
                LegalForm.SPORTS_UNION,
                LegalForm.SENIORS_CLUB,
                LegalForm.ALLOTMENT_GARDEN_ASSOCIATION,
            }
        ),
        LegalForm.ASSOCIATION_UNION: frozenset({LegalForm.FIRE_BRIGADE_UNION, LegalForm.SPORTS_UNION}),
        LegalForm.SPORTS_CLUB: frozenset({LegalForm.STUDENT_SPORTS_CLUB, LegalForm.SPORTS_UNION}),
        LegalForm.CHURCH_ENTITY: frozenset({LegalForm.CHURCH_CHARITY}),
        LegalForm.COMPANY: frozenset({LegalForm.NON_PROFIT_COMPANY}),
    }
)


class _Header(msgspec.Struct, rename={"krs": "numerKRS", "last": "dataOstatniegoWpisu"}):
    krs: str
    last: str | None = None


class _Numbers(msgspec.Struct):
    regon: str | None = None
    nip: str | None = None


class _Entity(msgspec.Struct, rename={"form": "formaPrawna", "name": "nazwa", "benefit": "czyPosiadaStatusOPP"}):
    form: str
    name: str
    numbers: _Numbers = msgspec.field(name="identyfikatory", default_factory=_Numbers)
    benefit: bool | None = None


class _Place(
    msgspec.Struct,
    rename={
        "street": "ulica",
        "building": "nrDomu",
        "flat": "nrLokalu",
        "postal_code": "kodPocztowy",
        "city": "miejscowosc",
    },
):
    street: str | None = None
    building: str | None = None
    flat: str | None = None
    postal_code: str | None = None
    city: str | None = None


class _Seat(msgspec.Struct, rename={"email": "adresPocztyElektronicznej", "website": "adresStronyInternetowej"}):
    siedziba: _Place = msgspec.field(default_factory=_Place)
    adres: _Place = msgspec.field(default_factory=_Place)
    email: str | None = None
    website: str | None = None


class _First(msgspec.Struct):
    danePodmiotu: _Entity
    siedzibaIAdres: _Seat = msgspec.field(default_factory=_Seat)


class _Data(msgspec.Struct):
    """Without dzial2: what is not declared is not even decoded."""

    dzial1: _First
    dzial3: Any = None


class _Extract(msgspec.Struct):
    header: _Header = msgspec.field(name="naglowekA")
    data: _Data = msgspec.field(name="dane")


class _File(msgspec.Struct):
    odpis: _Extract


def row_of(content: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the extract sets, and what it fills in where the register has nothing. Raises Refused for no extract.

    Name and form stand among the latter: they are taken where they say something else, not where they only shout it.
    """
    try:
        extract = msgspec.json.decode(content, type=_File).odpis
    except msgspec.ValidationError as error:
        raise Refused(
            "NOT_A_KRS_EXTRACT",
            pl=f"To JSON, ale nie odpis z KRS. {invalid(error).pl}",
            en=f"This is JSON, but no extract of the KRS register. {invalid(error).en}",
        ) from None
    except RecursionError:
        raise _nested() from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Refused(
            "NOT_JSON",
            pl="To nie jest JSON; rejestr KRS mógł odpowiedzieć stroną o przerwie technicznej. Pobierz odpis ponownie.",
            en="This is not JSON; the KRS register may have answered with a maintenance page. Fetch the extract again.",
        ) from None
    if nested_deeply(extract.data.dzial3):
        raise _nested()
    entity, seat = extract.data.dzial1.danePodmiotu, extract.data.dzial1.siedzibaIAdres
    set_: dict[str, Any] = {"krs": extract.header.krs}
    if entity.benefit is not None:
        set_["publicBenefit"] = entity.benefit
    set_ |= {name: number for name, number in (("nip", entity.numbers.nip), ("regon", entity.numbers.regon)) if number}
    if address := _address(seat):
        set_["address"] = address
    if codes := list(dict.fromkeys(_pkd(extract.data.dzial3))):
        set_["pkd"] = codes
    note = f"Stan na {extract.header.last}." if extract.header.last else None
    fill: dict[str, Any] = {
        "name": entity.name,
        "legalForm": _form(entity).value,
        "source": {"document": f"Odpis z KRS {extract.header.krs}", "note": note},
    }
    if seat.website:
        site = seat.website.lower()
        fill["website"] = site if site.startswith(("http://", "https://")) else f"https://{site}"
    if seat.email:
        fill["contactPoints"] = [{"emails": [seat.email.lower()]}]
    return set_, fill


def is_another_name(official: str, known: Iterable[str]) -> bool:
    """Whether the court's name is none of those known. It writes in capitals: case and punctuation do not count."""
    return names.in_full(official) not in {names.in_full(name) for name in known}


def is_another_form(official: LegalForm, known: LegalForm) -> bool:
    """Whether the court's form contradicts the known one. A form that has no name here says nothing."""
    return official not in (LegalForm.OTHER, known) and known not in _NARROWER.get(official, ())


def _nested() -> Refused:
    return Refused("NOT_A_KRS_EXTRACT", pl=f"To nie jest odpis z KRS: {TOO_DEEP[0]}.", en=f"No extract: {TOO_DEEP[1]}.")


def _form(entity: _Entity) -> LegalForm:
    form, name = entity.form.upper(), entity.name.upper()
    if "OCHOTNICZ" in name and "STRAŻ" in name and "STOWARZYSZ" in form:
        return LegalForm.FIRE_BRIGADE_UNION if name.startswith("ZWIĄZEK") else LegalForm.VOLUNTEER_FIRE_BRIGADE
    return next((known for part, known in _FORMS if part in form), LegalForm.OTHER)


def _address(seat: _Seat) -> dict[str, str]:
    place = seat.adres
    building = "/".join(part for part in (place.building, place.flat) if part)
    found = {
        "street": place.street,
        "building": building,
        "postalCode": place.postal_code,
        "city": place.city or seat.siedziba.city,
    }
    return {name: value for name, value in found.items() if value}


def _pkd(part: Any) -> Iterator[str]:
    """The activity codes wherever in dzial3 they are: under each kind of activity, paid, unpaid and economic."""
    match part:
        case {"kodDzial": str(division), "kodKlasa": str(class_), "kodPodklasa": str(subclass)}:
            yield f"{division}.{class_}.{subclass}"
        case dict():
            for inner in part.values():
                yield from _pkd(inner)
        case list():
            for inner in part:
                yield from _pkd(inner)
