"""Polish words for invented organisations, already in the case in which they are used."""

from collections.abc import Mapping, Sequence

from shared.contracts.organisations import Field

_SPORT = Field.SPORT_TOURISM_RECREATION_HOBBY
_SOCIAL = Field.LABOUR_MARKET_SOCIAL_AFFAIRS
_CULTURE = Field.CULTURE_ART
_HEALTH = Field.HEALTH
_ECONOMY = Field.ECONOMY
_EDUCATION = Field.EDUCATION_UPBRINGING


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.split(","))


# masculine, feminine, neuter
_ADJECTIVES = """
Nowy Nowa Nowe|Wspólny Wspólna Wspólne|Dobry Dobra Dobre|Otwarty Otwarta Otwarte|Zielony Zielona Zielone
Jasny Jasna Jasne|Bliski Bliska Bliskie|Ciepły Ciepła Ciepłe|Mały Mała Małe|Wielki Wielka Wielkie
Życzliwy Życzliwa Życzliwe|Śmiały Śmiała Śmiałe|Spokojny Spokojna Spokojne|Pogodny Pogodna Pogodne
Jurajski Jurajska Jurajskie|Słoneczny Słoneczna Słoneczne|Pomocny Pomocna Pomocne|Łagodny Łagodna Łagodne
Czynny Czynna Czynne|Barwny Barwna Barwne|Złoty Złota Złote|Srebrny Srebrna Srebrne|Sąsiedzki Sąsiedzka Sąsiedzkie
Rodzinny Rodzinna Rodzinne|Cichy Cicha Ciche|Wierny Wierna Wierne|Pierwszy Pierwsza Pierwsze|Drugi Druga Drugie
"""
_NOUNS = (
    "Dom Most Krok Świt Ogród Czas Krąg Port Dzień Skwer Horyzont Kierunek Warsztat Promień",
    "Przystań Droga Iskra Dłoń Szansa Ścieżka Przestrzeń Łąka Wyspa Kuźnia Nadzieja Świetlica Inicjatywa Ławka",
    "Podwórko Jutro Źródło Światło Serce Gniazdo Osiedle Koło Miejsce Słowo Okno Schronienie Lato Pole",
)

TITLES = tuple(
    f"{adjective} {noun}"
    for forms in _ADJECTIVES.replace("\n", "|").split("|")
    if forms.strip()
    for adjective, nouns in zip(forms.split(), _NOUNS, strict=True)
    for noun in nouns.split()
)

PURPOSES: dict[str, Field] = {
    "Pomocy Dzieciom i Młodzieży": _SOCIAL,
    "Wspierania Seniorów": _SOCIAL,
    "Pomocy Osobom z Niepełnosprawnościami": _SOCIAL,
    "Wspierania Rodzin": _SOCIAL,
    "Aktywizacji Zawodowej": _SOCIAL,
    "Pomocy Bezdomnym": _SOCIAL,
    "Opieki Hospicyjnej": _HEALTH,
    "Wspierania Chorych": _HEALTH,
    "Profilaktyki Zdrowotnej": _HEALTH,
    "Rehabilitacji Dzieci": _HEALTH,
    "Rozwoju Kultury": _CULTURE,
    "Ochrony Zabytków": _CULTURE,
    "Wspierania Młodych Artystów": _CULTURE,
    "Upowszechniania Muzyki": _CULTURE,
    "Rozwoju Edukacji": _EDUCATION,
    "Wspierania Uzdolnionej Młodzieży": _EDUCATION,
    "Upowszechniania Nauki": _EDUCATION,
    "Edukacji Ekologicznej": _EDUCATION,
    "Rozwoju Przedsiębiorczości": _ECONOMY,
    "Rozwoju Lokalnego": _ECONOMY,
    "Promocji Turystyki": _SPORT,
    "Rozwoju Sportu": _SPORT,
}
LOVERS: dict[str, Field] = {
    "Miłośników Jury": _SPORT,
    "Miłośników Rowerów": _SPORT,
    "Miłośników Szachów": _SPORT,
    "Przyjaciół Teatru": _CULTURE,
    "Przyjaciół Książki": _CULTURE,
    "Przyjaciół Muzyki Dawnej": _CULTURE,
    "Przyjaciół Szkoły": _EDUCATION,
    "Przyjaciół Zwierząt": _SOCIAL,
    "Mieszkańców i Sąsiadów": _SOCIAL,
    "Honorowych Dawców Krwi": _HEALTH,
    "Rzemieślników": _ECONOMY,
    "Działkowców": _SPORT,
}
PATRONS = _listed(
    "Jana Długosza,Marii Konopnickiej,Haliny Poświatowskiej,Władysława Biegańskiego,Janusza Korczaka,Ireny Sendlerowej,"
    "Bronisława Hubermana,Juliusza Słowackiego,Mikołaja Kopernika,Marii Skłodowskiej-Curie,Henryka Sienkiewicza,"
    "Kazimierza Wielkiego,Stanisława Staszica,Elizy Orzeszkowej,Fryderyka Chopina,Stefana Żeromskiego,Jana Matejki,"
    "Zofii Nałkowskiej,Bolesława Prusa,Jana Kochanowskiego,Stanisława Moniuszki,Emilii Plater,Józefa Bema"
)
SAINTS = _listed(
    "św. Józefa,św. Wojciecha,św. Barbary,św. Jadwigi,św. Antoniego,św. Stanisława,św. Floriana,św. Brata Alberta,"
    "Najświętszego Serca,Podwyższenia Krzyża,św. Łukasza,św. Kazimierza,św. Urbana,św. Melchiora,św. Faustyny"
)
PLACES = _listed(
    "w Błesznie,w Dźbowie,w Grabówce,w Kiedrzynie,w Mirowie,w Gnaszynie,w Kawodrzy,w Olsztynie,w Poczesnej,"
    "w Konopiskach,w Blachowni,w Rędzinach,w Kłomnicach,w Mykanowie,w Kruszynie,w Przyrowie,w Janowie,w Koniecpolu,"
    "w Lelowie,w Starczy,w Kamienicy Polskiej,w Dąbrowie Zielonej,w Hucie Starej,w Rudnikach,w Lubojnie,w Białej,"
    "w Kalei,w Szarlejce,w Turowie,w Kusiętach,w Biskupicach,w Żurawiu,w Borownie,w Łobodnie,w Truskolasach"
)
CLUBS = _listed(
    "Orzeł,Iskra,Jura,Wicher,Grom,Błyskawica,Sokół,Płomień,Meteor,Zryw,Piorun,Start,Olimpijczyk,Gepard,Żubr,Ryś,Jastrząb,"
    "Delfin,Strzała,Omega,Diament,Rakieta,Tęcza,Kometa,Wilk,Źrebak,Łabędź,Promyk,Skaut,Tytan"
)
SPORTS = _listed(
    "Karate,Judo,Tenisa Stołowego,Piłki Siatkowej,Piłki Ręcznej,Koszykówki,Kolarstwa,Pływania,Szermierki,Łucznictwa,"
    "Biegów Przełajowych,Szachów,Badmintona,Zapasów,Jeździectwa,Wspinaczki"
)
SCHOOLS = tuple(
    [f"Szkole Podstawowej nr {n}" for n in range(1, 55)] + [f"Liceum Ogólnokształcącym nr {n}" for n in range(1, 12)]
)
GARDENS = _listed(
    "Malwa,Konwalia,Róża,Złoty Kłos,Jaśmin,Słonecznik,Zacisze,Wrzos,Narcyz,Kalina,Jarzębina,Stokrotka,Modrzew,Pod Dębem"
)
STREETS = _listed(
    "al. Najświętszej Maryi Panny,al. Wolności,al. Armii Krajowej,ul. Dąbrowskiego,ul. Śląska,ul. Focha,ul. Krakowska,"
    "ul. Warszawska,ul. Kilińskiego,ul. Nowowiejskiego,ul. Sobieskiego,ul. Racławicka,ul. Jasnogórska,ul. Garibaldiego,"
    "ul. Piłsudskiego,ul. Katedralna,ul. Ogrodowa,ul. Łódzka,ul. Główna,ul. Bohaterów Katynia,ul. Limanowskiego,"
    "ul. Okulickiego,ul. Michałowskiego,ul. Kiedrzyńska,ul. Mireckiego,ul. Bór,ul. Równoległa,ul. Żyzna"
)
POSTAL_CODES = tuple(f"42-{number}" for number in (200, 202, 207, 208, 209, 213, 215, 217, 218, 221, 226))

SERVICES: Mapping[Field, Sequence[str]] = {
    _SPORT: ("treningi", "turnieje", "rajdy piesze i rowerowe", "obozy sportowe", "zajęcia rekreacyjne"),
    _SOCIAL: ("poradnictwo", "pomoc rzeczowa", "wolontariat", "zajęcia świetlicowe", "wsparcie opiekunów"),
    _CULTURE: ("koncerty", "wystawy", "warsztaty plastyczne", "przeglądy teatralne", "spotkania autorskie"),
    _HEALTH: ("badania profilaktyczne", "rehabilitacja", "grupy wsparcia", "wypożyczalnia sprzętu", "opieka domowa"),
    _ECONOMY: ("doradztwo dla firm", "targi rękodzieła", "szkolenia zawodowe", "promocja lokalnych wyrobów"),
    _EDUCATION: ("korepetycje", "warsztaty naukowe", "stypendia", "zajęcia ekologiczne", "kursy językowe"),
}
