"""What is a PESEL number in a text, and what only looks like one."""

import pytest

from shared.contracts.personal import holds_personal_number

PESEL = "44051401359"


@pytest.mark.parametrize(
    "text",
    [
        PESEL,
        f"PESEL{PESEL}",
        f"Jan, {PESEL}, prezes",
        f"Numer: {PESEL}.",
        f"https://example.org/?p={PESEL}",
        f"{PESEL}@example.org",
        "440514 01359",
        "440514-01359",
        "44 05 14 01359",
        "44 05 14 01 359",
        "44-05-14-013-59",
        "44.05.14.01359",
        "440514/01359",
        "440514.01359",
        "440514_01359",
        "440514 / 01359",
        "440514 - 01359",
        "440514 – 01359",
        "440514–01359",
        "440514‑01359",
        "440 514 01 359",
        "440 514 013 59",
        "4405 1401 359",
        "4 4 0 5 1 4 0 1 3 5 9",
        "4-4-0-5-1-4-0-1-3-5-9",
        "440514  01359",
        "440514\t01359",
        "440514\n01359",
        "440514\r\n01359",
        "(440514) 01359",
        "440514(01359)",
        "440514\u00a001359",
        "440514\u200901359",
        "440514\u202f01359",
        "440514\u00ad01359",
        "440514\u200b01359",
        "4405\u200c1401\u200d359",
        "4\u20604\ufeff0\ufe0f5\U000e00411401359",
        "4\u03354\u033505140\u03351359",  # struck through
        "4\ufe0f\u20e34\ufe0f\u20e30\ufe0f\u20e351401359",  # keys
        "４４０５１４０１３５９",
        "⁴⁴⁰⁵¹⁴⁰¹³⁵⁹",
        "₄₄₀₅₁₄₀₁₃₅₉",
        "④④⓪⑤①④⓪①③⑤⑨",
        "❹❹⓿❺❶❹⓿❶❸❺❾",
        "⑷⑷0⑸⑴⑷0⑴⑶⑸⑼",
        "𝟒𝟒𝟎𝟓𝟏𝟒𝟎𝟏𝟑𝟓𝟗",
        "٤٤٠٥١٤٠١٣٥٩",
        "+44051401359",
        "+44 05 14 01359",
        "0044051401359"[2:],
        "+48 44051401359",
        "44051401359.00",
        "2. 44051401359",
        "2. 44 05 14 01359",
        "2) 440514-01359, 3) nikt",
        "1 4 4 0 5 1 4 0 1 3 5 9",
        "34 370 71 00 / 440514 01359",
        "ur. 14.05.1944 440514 01359",
        "2020-01-02 44051401359",
        "48121512341",  # born in December 1948, and not written as a telephone
        "02270803624",  # born in this century
    ],
)
def test_a_pesel_number_is_found_wherever_it_stands(text: str) -> None:
    assert holds_personal_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "44051401358",  # the check digit
        "44991401350",  # no such month
        "44251401352",  # a day to come, in 2044
        "44 25 14 01352",
        f"1{PESEL}",
        f"{PESEL}0",
        f"{PESEL}000000000000000",  # as long as a bank account
        "61109010140000071219812874",
        "61 1090 1014 0000 0712 1981 2874",
        "PL61 1090 1014 0000 0712 1981 2874",
        "61-1090-1014-0000-0712-1981-2874",
        "5732745883",
        "573-274-58-83",
        "573 27 45 883",
        "PL5732745883",
        "151399002",
        "15139900200000",
        "0000123456",
        "KRS 0000123456, NIP 573-274-58-83, REGON 151399002",
        "0000123456 5732745883 151399002",
        # telephones, all with the digits of a PESEL number of December 1948
        "+48121512341",
        "+48 12 151 23 41",
        "+48 (12) 151-23-41",
        "(+48) 12 151 23 41",
        "0048 12 151 23 41",
        "tel. +48 12 151 23 41, +48 34 370 71 00",
        "34 370 71 00\n34 370 71 01\n34 370 71 02",
        "600 100 200 / 600 100 201 / 600 100 202",
        "(34) 370 71 00-02",
        # days, years and hours whose digits are those of one
        "1.02.2012 - 31.12.2012",
        "20.12.1910 108",
        "2012-12-10 101",
        "2012-12-10 102",
        "2012/2013 150",
        "2012/2013 151",
        "poniedziałek 10.30-12.15 8.30",
        "8.00-16.00 9.00-15.00",
        # sums and signs of cases
        "440514013.59",
        "440 514 013.59 zł",
        "440 514 013,59 zł",
        "1012.15 150.00",
        "8010.123.2020",
        "BRM.0002.123.2020",
        "0002.12.31.2020",
        # counts, lists, ids, numbers of documents
        "44, 05, 14, 01359",
        "44: 05, 14; 01359",
        "44 osoby, 0514 i 01359",
        "Dz.U. 2023 poz. 571 i 1234",
        "uchwała nr 440/514/XII/01359",
        "org_44051401359abcdefghjkmnpqr",
        "550e8400-e29b-41d4-a716-446655440000",
        "https://www.facebook.com/profile.php?id=100064405140135",
        "PKD 94.99.Z, 88.99.Z, 85.59.B",
        "Warszawa 00-950, skr. 12345",
        "",
        "44051401",
    ],
)
def test_other_numbers_are_not_taken_for_one(text: str) -> None:
    assert not holds_personal_number(text)


@pytest.mark.parametrize("last", range(10))
def test_a_telephone_is_none_whatever_its_last_digit(last: int) -> None:
    """Of ten numbers in a row one has the right check digit."""
    for number in (f"+48 12 15{last} 23 42", f"0048 121512 34{last}", f"+48 22 311 55 0{last}", f"+4821225550{last}1"):
        assert not holds_personal_number(number)


@pytest.mark.parametrize("last", range(10))
def test_a_day_or_a_sum_is_none_whatever_its_last_digit(last: int) -> None:
    for text in (f"2012-12-10 10{last}", f"2012/2013 15{last}", f"8010.12{last}.2020", f"44051401{last}.59"):
        assert not holds_personal_number(text)
