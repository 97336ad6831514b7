"""What the 360Giving Data Standard asks of a package of grants, as far as we publish of it: its rules as a JSON Schema.

Written after the published schema (standard.threesixtygiving.org, 360-giving-schema.json and
360-giving-package-schema.json): required fields, types and forms, and that every grant is there once.
"""

from typing import Any

_DAY = {"type": "string", "pattern": r"^[0-9]{4}-(0[1-9]|1[012])-(0[1-9]|[12][0-9]|3[01])$"}
_TEXT = {"type": "string"}
_ORGANIZATIONS = {
    "type": "array",
    "minItems": 1,
    # an organisation is known by <list>-<number> (org-id.guide), or by the publisher's own prefix
    "items": {
        "type": "object",
        "required": ["id", "name"],
        "additionalProperties": False,
        "properties": {"id": {"type": "string", "pattern": r"^(PL-[A-Z]+-[0-9]+|360G-\w+-\w+)$"}, "name": _TEXT},
    },
}
_GRANT = {
    "type": "object",
    "required": [
        "id",
        "title",
        "description",
        "currency",
        "amountAwarded",
        "awardDate",
        "recipientOrganization",
        "fundingOrganization",
    ],
    # a field that the standard does not know would be skipped by its tools: we have none
    "additionalProperties": False,
    "properties": {
        "id": {"type": "string", "pattern": r"^360G-\w+-\w+$"},
        "title": _TEXT,
        "description": _TEXT,
        "currency": {"const": "PLN"},
        "amountAppliedFor": {"type": "number"},
        "amountAwarded": {"type": "number"},
        "awardDate": _DAY,
        "plannedDates": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "properties": {"startDate": _DAY, "endDate": _DAY},
            },
        },
        "recipientOrganization": _ORGANIZATIONS,
        "fundingOrganization": _ORGANIZATIONS,
        "grantProgramme": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "properties": {"code": _TEXT, "title": _TEXT},
            },
        },
        "fromOpenCall": {"enum": ["Yes", "No"]},
        "dateModified": {"type": "string", "pattern": r"^[0-9-]{10}T[0-9:.]{8,}(Z|[+-][0-9]{2}:[0-9]{2})$"},
    },
}
PACKAGE: dict[str, Any] = {
    "type": "object",
    "required": ["grants"],
    "additionalProperties": False,
    "properties": {"grants": {"type": "array", "minItems": 1, "uniqueItems": True, "items": _GRANT}},
}
