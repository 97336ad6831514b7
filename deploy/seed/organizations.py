"""Invented organisations, one after the other: nothing is kept of those already made."""

import random
from collections.abc import Iterator, Mapping, Sequence

from deploy.seed.names import names
from deploy.seed.numbers import krs_numbers, nip_numbers, regon_numbers
from deploy.seed.records import SEEDED_AT
from deploy.seed.words import POSTAL_CODES, SERVICES, STREETS
from shared.contracts.base import Address, ContactPoint, Source
from shared.contracts.organisations import Field, LegalForm, Organization, OrganizationStatus
from shared.ids import id_of

GENERATED = Source(document="generated")
IN_COURT_REGISTER = frozenset(
    {
        LegalForm.FOUNDATION,
        LegalForm.ASSOCIATION,
        LegalForm.ASSOCIATION_UNION,
        LegalForm.VOLUNTEER_FIRE_BRIGADE,
        LegalForm.FIRE_BRIGADE_UNION,
        LegalForm.SPORTS_CLUB,
        LegalForm.SOCIAL_COOPERATIVE,
        LegalForm.COMPANY,
    }
)
MAY_HAVE_PUBLIC_BENEFIT = IN_COURT_REGISTER - {LegalForm.COMPANY, LegalForm.FIRE_BRIGADE_UNION}


def generated_id(prefix: str, seed: int, number: int) -> str:
    return id_of(prefix, f"generated:{seed}:{number}")


def organizations(
    counts: Mapping[LegalForm, int], benefits: int, seed: int, districts: Sequence[str]
) -> Iterator[Organization]:
    """As many of each form as `counts` says, `benefits` of them with public-benefit status.

    The n-th has the generated id number n, so that others can refer to it.
    """
    chance = random.Random(f"organizations:{seed}")  # noqa: S311 - invented data, not secrets
    krs, nip, regon = krs_numbers(seed), nip_numbers(seed), regon_numbers(seed)
    eligible = sum(count for form, count in counts.items() if form in MAY_HAVE_PUBLIC_BENEFIT)
    number = 0
    for form, count in counts.items():
        for _, (name, field) in zip(range(count), names(form, seed), strict=False):
            benefit = False
            if form in MAY_HAVE_PUBLIC_BENEFIT:
                # Selection sampling: exactly `benefits` of all who may, without a list of them.
                benefit = chance.random() * eligible < benefits
                benefits -= benefit
                eligible -= 1
            # Not everyone outside the court register has a tax number of their own.
            numbered = form in IN_COURT_REGISTER or chance.random() < 0.8
            fields = _fields(field, chance)
            services = tuple(sorted({chance.choice(SERVICES[chance.choice(fields)]) for _ in range(3)}))
            address = Address(
                street=chance.choice(STREETS),
                building=str(chance.randint(1, 140)),
                postal_code=chance.choice(POSTAL_CODES),
                city="Częstochowa",
            )
            yield Organization(
                id=generated_id("org", seed, number),
                version=1,
                created_at=SEEDED_AT,
                updated_at=SEEDED_AT,
                name=name,
                legal_form=form,
                status=OrganizationStatus.PUBLISHED,
                krs=next(krs) if form in IN_COURT_REGISTER else None,
                nip=next(nip) if numbered else None,
                regon=next(regon) if numbered else None,
                public_benefit=benefit,
                fields=fields,
                description=f"Najważniejsze działania: {', '.join(services)}.",
                services=services,
                address=address,
                contact_points=(ContactPoint(address=address, emails=(f"biuro{number}@example.org",)),),
                website=f"https://example.org/{number}",
                district_ids=tuple(chance.sample(districts, chance.choice((1, 1, 1, 2, 3)))),
                source=GENERATED,
            )
            number += 1


def _fields(field: Field | None, chance: random.Random) -> tuple[Field, ...]:
    chosen = {field or chance.choice(tuple(Field))}
    if chance.random() < 0.3:
        chosen.add(chance.choice(tuple(Field)))
    return tuple(each for each in Field if each in chosen)
