"""Money: decimal text on the wire and in the store, whole grosze wherever something is computed."""

from typing import Annotated

from msgspec import Meta

from shared.contracts.refusals import Refused

# text, because GraphQL's Int ends at 21 million złoty in grosze, and a float does not keep grosze
type Money = Annotated[
    str,
    Meta(
        pattern=r"^(0|[1-9][0-9]{0,11})\.[0-9]{2}$(?!\n)",
        description='Złoty and grosze as decimal text with two places: "10000.00"',
    ),
]


LIMIT = 10**14


def grosze(money: str) -> int:
    return int(money.replace(".", ""))


def money(amount: int) -> str:
    """The text of that many grosze. Raises Refused for what is below nothing or above what Money can say."""
    if not 0 <= amount < LIMIT:
        raise Refused(
            "AMOUNT_OUT_OF_RANGE",
            pl="Suma kwot jest ujemna albo większa niż 999 999 999 999,99 zł; popraw kwoty.",
            en="The sum of the amounts is negative or above 999 999 999 999.99 PLN; correct the amounts.",
        )
    return f"{amount // 100}.{amount % 100:02}"
