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


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("Fundacja Oczyma Brata", "Fundacja Oczami Brata", True),
        ("Stow. Aktywnych Seniorów „Błeszno”", "Stowarzyszenie Aktywnych Seniorów „Błeszno”", True),
        ("OSP Kiedrzyn", "Ochotnicza Straż Pożarna w Kiedrzynie", True),
        ("Tow. Przyjaciół Częstochowy", "Towarzystwo Przyjaciół Częstochowy", True),
        ("TPD Oddział Częstochowa", "Towarzystwo Przyjaciół Dzieci, Oddział w Częstochowie", True),
        ("LKS „Orzeł” Kiedrzyn", "Ludowy Klub Sportowy „Orzeł” w Kiedrzynie", True),
        ("ROD „Malina”", "Rodzinny Ogród Działkowy „Malina”", True),
        ("Fundacja Rękoma Dzieci", "Fundacja Rękami Dzieci", True),
        ("Fundacja Pomocy Dzieciom", "Fundacja Pomoc Dzieci", True),
        ("KGW Grabówka", "Koło Gospodyń Wiejskich Grabówki", True),
        ("KGW Błeszno", "Koło Gospodyń Wiejskich w Błesznie", True),
        ("Klub Seniora „Złota Jesień”", "Klub Seniorów „Złota Jesień”", True),
        ("Stowarzyszenie Seniorów Rakowa", "Stowarzyszenie Senior na Rakowie", True),
        ("Fund. Św. Barbary", "Fundacja Świętej Barbary", True),
        ("UTW w Częstochowie", "Uniwersytet Trzeciego Wieku Częstochowa", True),
        ("Stowarzyszenie Kultury i Sportu", "Stowarzyszenie „Sport i Kultura”", True),
        ("Szk. Podst. nr 5", "Szkoła Podstawowa 5", True),
        ("Fundacja Oczami Brata", "Fundacja Oczami Siostry", False),
        ("OSP Kiedrzyn", "OSP Kuźnica", False),
        ("OSP Kiedrzyn", "Ochotnicza Straż Pożarna w Błesznie", False),
        ("Szkoła Podstawowa nr 5", "Szkoła Podstawowa nr 15", False),
        ("TPD Oddział Częstochowa", "Towarzystwo Przyjaciół Częstochowy", False),
        ("Tow. Przyjaciół Gnaszyna", "Towarzystwo Przyjaciół Grabówki", False),
        ("Fundacja Pomocy Dzieciom", "Fundacja Pomocy Zwierzętom", False),
        ("Stow. Aktywnych Seniorów „Błeszno”", "Stow. Aktywnych Kobiet „Błeszno”", False),
        ("Stow. Aktywnych Seniorów „Błeszno”", "Stow. Aktywnych Seniorów", False),
        ("ROD „Malina”", "ROD „Magnolia”", False),
        ("LKS „Orzeł”", "LZS „Sokół”", False),
        ("Fundacja Ród Kowalskich", "Rodzinny Ogród Działkowy Kowalskich", False),
        ("Stowarzyszenie Dom", "Stowarzyszenie Dąb", False),
    ],
)
def test_the_same_words_in_other_forms_or_abbreviated_make_names_near(one: str, other: str, near: bool) -> None:
    assert names.are_near(one, other) is near
    assert names.are_near(other, one) is near
    found = {key for keys in names.near(one) for key in keys}
    if near:
        assert not found.isdisjoint(names.keys([other]))


def test_names_of_very_many_words_are_compared_by_their_letters_alone() -> None:
    many = " ".join(["dom"] * 31)
    assert names.near(many)
    assert not names.are_near(f"{many} brata", f"{many} oczami")


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
