"""The public-benefit list: which organisations may receive a share of income tax for a tax year.

That an organisation has public-benefit status (OPP) is another thing: `Organization.public_benefit`.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from shared.contracts.base import Command, Entity, Id, Line, Text
from shared.contracts.organisations import Krs

type TaxYear = Annotated[int, Meta(ge=2003, le=9998, description="The year whose income is taxed")]


class BenefitStatus(StrEnum):
    LISTED = "LISTED"
    STRUCK_OFF = "STRUCK_OFF"


class PublicBenefitEntry(Entity, frozen=True, kw_only=True):
    """One organisation on the list of one tax year, named as it was when it was listed."""

    organization_id: Id
    name: Line
    krs: Annotated[Krs, Meta(description="The number that a taxpayer enters in the return")]
    tax_year: TaxYear
    status: BenefitStatus
    basis_points: Annotated[int, Meta(description="The share of tax in hundredths of a percent: 150 is 1.5 %")]
    listed_on: date
    struck_off_on: date | None = None
    reason: Annotated[Text | None, Meta(description="Why it was struck off")] = None


class ListForPublicBenefit(Command, frozen=True, kw_only=True):
    """Put an organisation on the list of a tax year."""

    organization_id: Id
    tax_year: TaxYear


class StrikeOffPublicBenefit(Command, frozen=True, kw_only=True):
    """Take an organisation off the list of a tax year; the entry stays, with the reason."""

    organization_id: Id
    tax_year: TaxYear
    reason: Text


class PublicBenefitFilter(Command, frozen=True, kw_only=True):
    tax_year: TaxYear | None = None
    organization_id: Id | None = None
    status: BenefitStatus | None = None
    name_starts_with: Annotated[str, Meta(max_length=100)] | None = None
