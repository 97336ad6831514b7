"""What a search finds by name and what it does not: real Polish names, in any form, with and without signs."""

import pytest

from services.registry.organisations.abbreviations import keys, searched

AGAPE = "Stowarzyszenie Wzajemnej Pomocy Agape"
DLA_RODZINY = "Stowarzyszenie na rzecz pomocy dziecku i rodzinie „Dla Rodziny”"
PKPS = "Polski Komitet Pomocy Społecznej w Częstochowie"
MOPS = "Miejski Ośrodek Pomocy Społecznej w Częstochowie"
CIS = "Samorządowy Zakład Budżetowy – Centrum Integracji Społecznej"
INSTITUTE = "Częstochowski Instytut Społeczności Lokalnych"
TATARS = "Związek Tatarów Rzeczypospolitej Polskiej"
INFORMATICS = "Fundacja Pomocy Matematykom i Informatykom Niesprawnym Ruchowo"
ACTIVE = "Stowarzyszenie Wspierania Środowisk Lokalnych „Aktywne Osiedle”"
JEWISH = "Towarzystwo Przyjaciół Kultury Żydowskiej"
FEDERATION = "Federacja Organizacji Pozarządowych Miasta Białystok"
BUS = "Spółdzielnia Socjalna „Jasne, że bus”"
HOME = "Spółdzielnia Socjalna „Jasne, że dom i wnętrze”"
UKS = "Uczniowski Klub Sportowy „Orzeł” przy Szkole Podstawowej nr 7"
OSP = "Ochotnicza Straż Pożarna w Błesznie"
OSP_UNION = "Związek Ochotniczych Straży Pożarnych – Oddział w Kłomnicach"
GARDEN = "Rodzinny Ogród Działkowy „Złoty Kłos”"
KGW = "Koło Gospodyń Wiejskich w Kusiętach"

FOUND = [
    # every case, both numbers
    ("stowarzyszenia", AGAPE),
    ("stowarzyszeniom", AGAPE),
    ("wzajemną pomocą", AGAPE),
    ("rodzinami", DLA_RODZINY),
    ("rodzin", DLA_RODZINY),
    ("dzieci", DLA_RODZINY),
    ("dzieciom", DLA_RODZINY),
    ("dziecięcy dzieckiem", "Dzieckiem w kolebce – klub dziecięcy"),
    ("komitety", PKPS),
    ("komitetami", PKPS),
    ("ośrodkami", MOPS),
    ("ośrodków", MOPS),
    ("centra", CIS),
    ("zakładów budżetowych", CIS),
    ("instytutom", INSTITUTE),
    ("tatarzy", TATARS),
    ("związków", TATARS),
    ("matematyk", INFORMATICS),
    ("informatycy", INFORMATICS),
    ("środowiska lokalne", ACTIVE),
    ("osiedli", ACTIVE),
    ("przyjaciel", JEWISH),
    ("kultur", JEWISH),
    ("federacje organizacji", FEDERATION),
    ("spółdzielni socjalnych", BUS),
    ("wnętrz", HOME),
    ("domów", HOME),
    ("klubów", UKS),
    ("kluby", UKS),
    ("ogrodów", GARDEN),
    ("Ogrody", GARDEN),
    ("ogród", GARDEN),
    ("gospodynie", KGW),
    ("koła", KGW),
    ("uniwersytetów", "Uniwersytet Trzeciego Wieku"),
    ("krzyż", "Polski Czerwony Krzyż"),
    ("wydziałów", "Wydział Polityki Społecznej Urzędu Miasta Częstochowy"),
    # words of one family
    ("uczniowski", "Rada Rodziców i Uczniów"),
    ("uczniowie", UKS),
    ("uczniów", UKS),
    ("uczeń", UKS),
    ("harcerzy", "Związek Harcerstwa Polskiego"),
    ("niepełnosprawnym", "Pomoc Osobom z Niepełnosprawnościami"),
    ("oko", "Fundacja Oczami Brata"),
    ("bracia", "Fundacja Oczami Brata"),
    ("ludziom", "Człowiek Człowiekowi"),
    ("mieszkaniec", "Rada Mieszkańców Rakowa"),
    ("zwierzę", "Towarzystwo Opieki nad Zwierzętami"),
    # abbreviations, both ways
    ("osp", OSP),
    ("OSP Błeszno", OSP),
    ("OSP", OSP_UNION),
    ("ochotnicza straż pożarna", "OSP w Dźbowie"),
    ("strażami", "OSP w Dźbowie"),
    ("UKS Orzeł", UKS),
    ("uczniowskie kluby", "UKS Jura"),
    ("kgw", KGW),
    ("koło gospodyń wiejskich", "KGW „Jurajskie”"),
    ("ZHP", "Chorągiew Śląska Związku Harcerstwa Polskiego"),
    ("harcerze", "Hufiec ZHP Częstochowa"),
    ("PCK", "Polski Czerwony Krzyż"),
    ("pkps", PKPS),
    ("TPD", "Towarzystwo Przyjaciół Dzieci – Oddział w Częstochowie"),
    ("przyjaciele dzieci", "TPD Częstochowa"),
    ("mops", MOPS),
    ("WTZ", "Warsztaty Terapii Zajęciowej przy Stowarzyszeniu"),
    ("zaz", "Zakład Aktywności Zawodowej w Częstochowie"),
    ("CIS", CIS),
    ("centrum integracji społecznej", "CIS Feniks"),
    ("OSL", "Ośrodek Społeczności Lokalnej Raków"),
    ("DOSL", "Dzielnicowe Ośrodki Społeczności Lokalnych"),
    ("UM", "Urząd Miasta Częstochowy"),
    ("um białystok", "Urząd Miejski w Białymstoku"),
    ("urząd miasta", "Wydział Edukacji UM"),
    ("ngo", FEDERATION),
    ("rod", GARDEN),
]
NOT_FOUND = [
    ("OSP", "Fundacja Pożarnicza"),
    ("OSP", "Ochotnicza Grupa Straży"),
    ("UKS", "Klub Sportowy „Jura”"),
    ("KGW", "Koło Łowieckie „Gospodarz”"),
    ("MOPS", "Gminny Ośrodek Pomocy Społecznej"),
    ("PKPS", MOPS),
    ("PCK", "Polski Związek Wędkarski"),
    ("ZHP", "Związek Nauczycielstwa Polskiego"),
    ("TPD", JEWISH),
    ("CIS", "Częstochowskie Centrum Aktywności Seniorów"),
    ("DOSL", "Ośrodek Społeczności Lokalnej Raków"),
    ("centrum", "Fundacja „Cis”"),
    ("centrum", "FUNDACJA CIS"),
    ("ród", "Rodzinny Ogród Działkowy „Malwa”"),
    ("urząd", "Um i Serce"),
    ("rodzina", GARDEN),
    ("rodzice", DLA_RODZINY),
    ("gospodarka", KGW),
    ("społeczność", MOPS),
    ("uczelnia", UKS),
    ("nauczyciel", "Rada Rodziców i Uczniów"),
    ("sportowcy", GARDEN),
    ("pomnik", MOPS),
    ("zwierzenia", "Towarzystwo Opieki nad Zwierzętami"),
    ("dominacja", HOME),
    ("ręka", "Fundacja „Rak to nie wyrok”"),
    ("bratek", "Fundacja Oczami Brata"),
    ("okno", "Fundacja Oczami Brata"),
    ("Białystok", "Fundacja Białych Kruków"),
]
PLAIN = str.maketrans("ąćęłńóśźżĄĆĘŁŃÓŚŹŻ", "acelnoszzACELNOSZZ")


def finds(search: str, name: str) -> bool:
    known = set(keys([name]))
    return all(known.intersection(word) for word in searched(search))


@pytest.mark.parametrize(("search", "name"), FOUND)
def test_a_search_finds_every_form_of_a_word_and_both_forms_of_an_abbreviation(search: str, name: str) -> None:
    assert finds(search, name)
    assert finds(search.translate(PLAIN), name), "typed without Polish signs"
    assert finds(search, name.translate(PLAIN)), "stored without Polish signs"
    assert finds(search.upper(), name)


@pytest.mark.parametrize(("search", "name"), NOT_FOUND)
def test_a_search_does_not_find_another_word(search: str, name: str) -> None:
    assert not finds(search, name)
    assert not finds(search.upper(), name)


def test_an_abbreviation_goes_with_further_words_in_any_order() -> None:
    assert finds("Błeszno OSP", OSP)
    assert not finds("OSP Dźbów", OSP)
