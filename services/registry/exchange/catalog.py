"""The exports described for portals of open data: DCAT-AP, as JSON-LD."""

from typing import Any

from shared.environment import text

_EU = "http://publications.europa.eu/resource/authority"
_FILES = (
    ("csv", "CSV", "text/csv", "Tabela: wiersz na organizację", "A table: a row per organisation"),
    ("jsonl", "JSON", "application/jsonl", "JSON Lines: wiersz na organizację", "JSON Lines: a line per organisation"),
)


def catalog(base: str) -> dict[str, Any]:
    """`base` is where the files are. Publisher and licence are the city's to say."""
    publisher = {"@type": "foaf:Agent", "foaf:name": text("PUBLISHER", "Gmina Miasto Częstochowa")}
    licence = {"@id": text("EXPORT_LICENCE", f"{_EU}/licence/CC_BY_4_0")}
    return {
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#",
            "dct": "http://purl.org/dc/terms/",
            "foaf": "http://xmlns.com/foaf/0.1/",
        },
        "@id": f"{base}/organizations.dcat.jsonld",
        "@type": "dcat:Catalog",
        "dct:title": _both("Otwarte dane rejestru organizacji", "Open data of the register of organisations"),
        "dct:description": _both("Rejestr organizacji w plikach", "The register of organisations as files"),
        "dct:publisher": publisher,
        "dcat:dataset": [
            {
                "@id": f"{base}/organizations",
                "@type": "dcat:Dataset",
                "dct:identifier": f"{base}/organizations",
                "dct:title": _both("Rejestr organizacji", "Register of organisations"),
                "dct:description": _both(
                    "Organizacje pozarządowe, instytucje i ich jednostki: formy prawne, sfery działania, adresy.",
                    "Non-governmental organisations, institutions and their units: legal forms, fields, addresses.",
                ),
                "dct:publisher": publisher,
                "dct:language": {"@id": f"{_EU}/language/POL"},
                "dct:accrualPeriodicity": {"@id": f"{_EU}/frequency/UPDATE_CONT"},
                "dct:spatial": {"@id": f"{_EU}/country/POL"},
                "dcat:theme": [{"@id": f"{_EU}/data-theme/SOCI"}, {"@id": f"{_EU}/data-theme/GOVE"}],
                "dcat:keyword": _both("organizacje pozarządowe", "non-governmental organisations"),
                "dcat:distribution": [_file(base, licence, *file) for file in _FILES],
            }
        ],
    }


def _file(base: str, licence: dict[str, str], ending: str, kind: str, media: str, pl: str, en: str) -> dict[str, Any]:
    url = {"@id": f"{base}/organizations.{ending}"}
    return {
        "@id": f"{base}/organizations#{ending}",
        "@type": "dcat:Distribution",
        "dct:title": _both(pl, en),
        "dcat:accessURL": url,
        "dcat:downloadURL": url,
        "dcat:mediaType": {"@id": f"https://www.iana.org/assignments/media-types/{media}"},
        "dct:format": {"@id": f"{_EU}/file-type/{kind}"},
        "dct:license": licence,
    }


def _both(pl: str, en: str) -> list[dict[str, str]]:
    return [{"@language": "pl", "@value": pl}, {"@language": "en", "@value": en}]
