import random
import re

import pytest

from shared.polish import fold, sort_key, stems, words


def test_names_sort_by_the_polish_alphabet() -> None:
    ordered = [
        "1. Klub",
        "Azot",
        "Ącki",
        "Cwał",
        "Ćma",
        "Echo",
        "„Ęsi”",
        "Lublin",
        "Łódź",
        "Miś",
        "Zar",
        "Źródło",
        "Żar",
    ]
    assert sorted(set(ordered), key=sort_key) == ordered


ALPHABET = "aąbcćdeęfghijklłmnńoópqrsśtuvwxyzźż"


def polish_rule(text: str) -> list[tuple[int, int]]:
    """The rule, written once more and differently: blanks, then numbers by value, then letters by the alphabet."""
    found: list[tuple[int, int]] = []
    for word in "".join(sign for sign in text.lower() if sign.isalnum() or sign == " ").split():
        found += [(0, 0)] if found else []
        for piece in re.findall(r"\d+|\D", word):
            found.append((1, int(piece)) if piece.isdigit() else (2, ALPHABET.index(piece)))
    return found


def test_names_of_any_letters_sort_as_the_rule_says() -> None:
    chance = random.Random(7)  # noqa: S311 - test data
    signs = [*ALPHABET, *(letter.upper() for letter in ALPHABET), *"0123456789" * 2, *" " * 12, *'„”"–.,-()' * 2]
    names = ["".join(chance.choices(signs, k=chance.randrange(1, 7))) for _ in range(3_000)]
    names += [f"{name}{number}" for name in names[:300] for number in (9, 10, 99_999_999, 123_456_789, 10**9, 10**18)]
    assert [polish_rule(name) for name in sorted(names, key=sort_key)] == sorted(map(polish_rule, names))


def test_numbers_in_names_sort_by_value() -> None:
    ordered = ["Szkoła nr 7", "Szkoła nr 07 w Częstochowie", "Szkoła nr 54", "Szkoła nr 200", "Szkoła sportowa"]
    assert sorted(set(ordered), key=sort_key) == ordered


def test_sorting_ignores_case_quotation_marks_and_double_blanks() -> None:
    assert sort_key("„Dla  Rodziny”") == sort_key("dla rodziny")


def test_sorting_folds_foreign_diacritics() -> None:
    assert sort_key("Müller") == sort_key("Muller")


def test_folding_takes_off_every_polish_diacritic() -> None:
    assert fold("Zażółć GĘŚLĄ jaźń") == "zazolc gesla jazn"


def found(search: str, name: str) -> bool:
    known = set(stems(name))
    return all(known.intersection(word) for word in words(search))


def test_search_finds_an_inflected_name_typed_without_diacritics() -> None:
    assert found("stowarzyszenia seniorow", "Stowarzyszenie na rzecz seniorów")
    assert found("seniorów", "Klub Seniora")
    assert found("osrodek pomocy", "Miejski Ośrodek Pomocy Społecznej")


def test_search_does_not_find_what_lacks_a_word() -> None:
    assert not found("stowarzyszenie ogrodników", "Stowarzyszenie na rzecz seniorów")


def test_a_decomposed_text_is_searched_like_a_composed_one() -> None:
    assert stems("o\u0301smy") == stems("ósmy")


def test_the_e_that_comes_and_goes_and_the_latin_ending_do_not_hide_a_word() -> None:
    pairs = [("ośrodek", "ośrodki"), ("książek", "książka"), ("centrum", "centra"), ("hospicjum", "hospicja")]
    for form, other in pairs:
        assert set(stems(form)) & set(stems(other)), (form, other)
    assert not set(stems("rum")) & set(stems("ra"))


@pytest.mark.parametrize(
    ("search", "name"),
    [
        ("osrodkow", "Miejski Ośrodek Pomocy"),
        ("ośrodki", "Miejski Ośrodek Pomocy"),
        ("związków", "Związek Ochotniczych Straży"),
        ("przyjaciele", "Towarzystwo Przyjaciół Częstochowy"),
        ("seniorzy", "Klub Seniora"),
        ("milosnicy", "Klub Miłośników Jury"),
        ("źródło", "Dolina Źródeł"),
        ("strażaków", "Strażacy Ochotnicy"),
        ("mieszkancy", "Rada Mieszkańców"),
        ("wolontariusze", "Centrum Wolontariuszy"),
    ],
)
def test_search_sees_through_sounds_that_change_within_a_word(search: str, name: str) -> None:
    assert found(search, name)


@pytest.mark.parametrize(
    ("search", "name"),
    [
        ("przyroda", "Przyrost"),
        ("sport", "Spór"),
        ("praca", "Prawo"),
        ("pomoc", "Pomnik"),
        ("muzyka", "Muzeum"),
        ("sztuka", "Szkoła"),
        ("zdrowie", "Zdroje"),
        ("kobieta", "Kobierzec"),
        ("polska", "Polana"),
    ],
)
def test_search_keeps_apart_words_that_only_begin_alike(search: str, name: str) -> None:
    assert not found(search, name)
