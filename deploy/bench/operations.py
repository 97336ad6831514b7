"""The operations that are measured, and the records they ask for."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from shared.clock import now
from shared.contracts.base import Address, Entity
from shared.contracts.consultations import Channel, Consultation, ConsultationStatus
from shared.contracts.events import Event, EventKind
from shared.contracts.organisations import Field, LegalForm, Organization, OrganizationStatus
from shared.ids import new_id

ORGANIZATIONS = 1_000
PAGE = 20

_ORGANIZATION = """id version createdAt updatedAt name aliases legalForm status krs nip regon publicBenefit
  publicBenefitSince publicBenefitUntil fields description services website pkd districtIds parentId operatorId
  founderIds federationIds covers decisionReason dissolvedOn address { street building postalCode city }"""
_CONSULTATION = "id title summary status opensOn closesOn remarksUntil channels goals projectId"
_EVENT = "id title kind status description startsAt endsAt allDay venue consultationId"

NESTED = f"""query Nested($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on Organization {{ {_ORGANIZATION}
  consultations(first: 3) {{ nodes {{ {_CONSULTATION} }} }} events(first: 3) {{ nodes {{ {_EVENT} }} }} }} }} }}"""
"""Twenty organisations, all scalar fields and the address, three consultations and three events each."""
SMALL = "query Small($id: ID!) { organization(id: $id) { id name legalForm krs website } }"
MUTATION = """mutation Submit($input: SubmitOrganizationInput!) {
  submitOrganization(input: $input) { organization { id name } errors { code } } }"""
SUBSCRIPTION = "subscription { changes { id entity verb entityId version } }"


def records(count: int = ORGANIZATIONS) -> Iterator[tuple[str, Entity]]:
    """Organisations with three consultations and three events each, as the register really holds them."""
    stamp: dict[str, Any] = {"version": 1, "created_at": now(), "updated_at": now()}
    begins = datetime(2027, 5, 1, 10, tzinfo=UTC)
    for number in range(count):
        organization = new_id("org")
        yield (
            "organizations",
            Organization(
                id=organization,
                name=f"Stowarzyszenie Miłośników Dzielnicy numer {number}",
                aliases=(f"SMD {number}",),
                legal_form=LegalForm.ASSOCIATION,
                status=OrganizationStatus.PUBLISHED,
                fields=(Field.CULTURE_ART, Field.HEALTH),
                description="Działamy dla mieszkańców: zajęcia, wycieczki, pomoc sąsiedzka i święto ulicy.",
                services=("zajęcia", "doradztwo"),
                address=Address(street="Aleja Najświętszej Maryi Panny", building=f"{number}", city="Częstochowa"),
                website="https://example.org/smd",
                **stamp,
            ),
        )
        for part in range(3):
            yield (
                "consultations",
                Consultation(
                    id=new_id("con"),
                    title=f"Konsultacje programu współpracy, część {part}",
                    summary="Zapraszamy do zgłaszania uwag na piśmie, w sieci i na spotkaniach.",
                    status=ConsultationStatus.OPEN,
                    organizer_ids=(organization,),
                    opens_on=date(2027, 5, 1),
                    closes_on=date(2027, 5, 21),
                    channels=(Channel.ONLINE,),
                    goals=("poznać zdanie mieszkańców",),
                    **stamp,
                ),
            )
            yield (
                "events",
                Event(
                    id=new_id("evt"),
                    title=f"Spotkanie sąsiedzkie {part}",
                    kind=EventKind.MEETING,
                    description="Rozmowa o tym, co zmienić w okolicy; kawa i ciasto.",
                    starts_at=begins + timedelta(days=part),
                    ends_at=begins + timedelta(days=part, hours=2),
                    venue="Ośrodek Społeczności Lokalnej",
                    organizer_ids=(organization,),
                    **stamp,
                ),
            )


def same_nested(ids: list[str]) -> Iterator[dict[str, Any]]:
    while True:
        yield {"query": NESTED, "variables": {"ids": ids[:PAGE]}}


def other_nested(ids: list[str]) -> Iterator[dict[str, Any]]:
    """Twenty others each time: no two are the same."""
    chance = random.Random(1)  # noqa: S311 - no secret
    while True:
        yield {"query": NESTED, "variables": {"ids": chance.sample(ids, PAGE)}}


def same_small(ids: list[str]) -> Iterator[dict[str, Any]]:
    while True:
        yield {"query": SMALL, "variables": {"id": ids[0]}}


def other_small(ids: list[str]) -> Iterator[dict[str, Any]]:
    """A variable that nothing uses makes each different from all before."""
    chance = random.Random(1)  # noqa: S311 - no secret
    while True:
        yield {"query": SMALL, "variables": {"id": chance.choice(ids), "_": chance.random()}}


def submissions() -> Iterator[dict[str, Any]]:
    while True:
        given = {"name": f"Klub {new_id('org')}", "legalForm": "SPORTS_CLUB"}
        yield {"query": MUTATION, "variables": {"input": given}}
