"""Which names are the same, which are near, and that the index of pieces misses none of the near ones."""

import random

import pytest

from services.registry.organisations import names

LETTERS = "aeioknrstwz"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Stowarzyszenie „Dla Rodziny”", "DLA RODZINY"),
        ("Ochotnicza Straż Pożarna w Błesznie", "OSP w Błesznie"),
        ("Fundacja Oczami Brata", "fundacja oczami-brata"),
        ("Uczniowski Klub Sportowy „Łódź”", "UKS Lodz"),
        ("Przedsiębiorstwo Społeczne „Jasne” sp. z o.o.", "Jasne"),
    ],
)
def test_names_are_compared_folded_and_without_words_of_the_form(one: str, other: str) -> None:
    assert names.plain(one) == names.plain(other)


def test_a_name_of_nothing_but_form_words_keeps_them() -> None:
    assert names.plain("Klub Sportowy") == "klub sportowy"


def test_the_same_words_in_another_order_have_the_same_key() -> None:
    one, other = "Fundacja Pomocy Dzieciom „Nowy Dom”", "Nowy Dom – Fundacja Pomocy Dzieciom"
    assert names.plain(one) != names.plain(other)
    assert names.same_words([one]) == names.same_words([other])


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("Fundacja Adullam", "Fundacja Adulam", True),
        ("Stowarzyszenie Agape", "Stowarzyszenie Agappe", True),
        ("Stowarzyszenie Agape", "Stowarzyszenie Agata", False),
        ("Polski Instytut Mediacji", "Polski Instytut Medjacyi", True),
        ("Polski Instytut Mediacji", "Polski Instytut Medytacji Zen", False),
        ("Jasne, że alternatywa 21", "Jasne, że alter natywa 21", True),
        ("Jasne, że alternatywa 21", "Jasne, że alternatywa 22", False),
        ("CIS", "KIS", False),
    ],
)
def test_one_or_two_misprints_make_names_near_and_another_number_does_not(one: str, other: str, near: bool) -> None:
    assert names.are_near(one, other) is near
    assert names.are_near(other, one) is near


def test_edits_are_counted_up_to_the_most_asked_for() -> None:
    assert names.edits("kitten", "sitting", 5) == 3
    assert names.edits("kitten", "sitting", 2) == 3
    assert names.edits("", "ab", 2) == 2
    assert names.edits("same", "same", 0) == 0


def test_every_near_name_is_found_by_a_piece() -> None:
    chance = random.Random(7)  # noqa: S311 - test data
    near = 0
    for _ in range(4_000):
        name = "".join(chance.choice(LETTERS) for _ in range(chance.randint(3, 30)))
        other = list(name)
        for _ in range(chance.randint(0, 2)):
            place = chance.randrange(len(other) + 1)
            match chance.randrange(3):
                case 0:
                    other.insert(place, chance.choice(LETTERS))
                case 1:
                    other[place : place + 1] = [chance.choice(LETTERS)]
                case _ if len(other) > 1:
                    other[place : place + 1] = []
        changed = "".join(other)
        if names.are_near(name, changed) and names._edits_allowed(len(name)):
            near += 1
            assert not {key for keys in names.near(changed) for key in keys}.isdisjoint(names.keys([name])), (
                name,
                changed,
            )
    assert near > 2_000
