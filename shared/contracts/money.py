"""Money: decimal text on the wire and in the store, whole grosze wherever something is computed."""

from typing import Annotated

from msgspec import Meta

# text, because GraphQL's Int ends at 21 million złoty in grosze, and a float does not keep grosze
type Money = Annotated[
    str,
    Meta(
        pattern=r"^(0|[1-9][0-9]{0,11})\.[0-9]{2}$(?!\n)",
        description='Złoty and grosze as decimal text with two places: "10000.00"',
    ),
]


def grosze(money: str) -> int:
    return int(money.replace(".", ""))


def money(amount: int) -> str:
    """The text of that many grosze."""
    return f"{amount // 100}.{amount % 100:02}"
