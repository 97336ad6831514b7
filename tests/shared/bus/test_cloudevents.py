import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from shared.bus import cloudevents
from shared.contracts.changes import Change
from shared.ids import new_id

CHANGE = Change(
    id=new_id("chg"),
    service="consultations",
    entity="consultation",
    verb="opened",
    entity_id=new_id("con"),
    version=7,
    at=datetime(2026, 3, 1, 12, 30, 15, 123456, tzinfo=UTC),
    related=(new_id("org"), new_id("org")),
    traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    data={"title": "Park „Zielona Dolina”", "meetings": [{"day": None, "number": 1, "ratio": 0.5}]},
)


def test_a_change_is_a_cloudevent_with_all_required_attributes() -> None:
    document = json.loads(cloudevents.encode(CHANGE))
    assert document == {
        "specversion": "1.0",
        "id": CHANGE.id,
        "source": "/services/consultations",
        "type": "pl.jasne.consultations.consultation.opened",
        "subject": CHANGE.entity_id,
        "time": "2026-03-01T12:30:15.123456Z",
        "datacontenttype": "application/json",
        "entityversion": 7,
        "traceparent": CHANGE.traceparent,
        "data": {"related": list(CHANGE.related), **CHANGE.data},
    }


@pytest.mark.parametrize(
    "change",
    [
        CHANGE,
        Change(
            id=new_id("chg"),
            service="registry",
            entity="organization",
            verb="published",
            entity_id=new_id("org"),
            version=1,
            at=datetime(2026, 7, 1, 1, 2, 3, tzinfo=timezone(timedelta(hours=2))),
        ),
    ],
)
def test_what_is_encoded_decodes_to_the_same(change: Change) -> None:
    assert cloudevents.decode(cloudevents.encode(change)) == change


def test_a_trace_that_is_not_there_is_left_out() -> None:
    document = json.loads(cloudevents.encode(CHANGE))
    del document["traceparent"]
    assert cloudevents.decode(json.dumps(document).encode()).traceparent is None


def test_an_attribute_of_a_later_version_is_skipped() -> None:
    document = json.loads(cloudevents.encode(CHANGE)) | {"sequence": "12"}
    assert cloudevents.decode(json.dumps(document).encode()) == CHANGE


def test_data_cannot_take_the_place_of_the_related_ids() -> None:
    with pytest.raises(ValueError, match="related"):
        cloudevents.encode(
            Change(**{f: getattr(CHANGE, f) for f in Change.__struct_fields__} | {"data": {"related": 1}})
        )


@pytest.mark.parametrize(
    "wrong",
    [
        {"specversion": "0.3"},
        {"specversion": None},
        {"id": "42"},
        {"source": "/services/registry"},
        {"source": "elsewhere"},
        {"type": "pl.jasne.consultations.opened"},
        {"type": "pl.jasne.consultations.consultation.opened\n"},
        {"subject": 3},
        {"time": "yesterday"},
        {"time": "2026-03-01T12:30:15"},
        {"datacontenttype": "text/xml"},
        {"entityversion": "7"},
        {"entityversion": 0},
        {"data": []},
        {"data": {}},
        {"data": {"related": ["x"]}},
    ],
)
def test_a_wrong_attribute_is_refused(wrong: dict[str, Any]) -> None:
    document = json.loads(cloudevents.encode(CHANGE)) | wrong
    with pytest.raises(ValueError, match="not a change: "):
        cloudevents.decode(json.dumps(document).encode())


@pytest.mark.parametrize(
    "missing", ["specversion", "id", "source", "type", "subject", "time", "datacontenttype", "entityversion", "data"]
)
def test_a_missing_attribute_is_refused_by_name(missing: str) -> None:
    document = json.loads(cloudevents.encode(CHANGE))
    del document[missing]
    with pytest.raises(ValueError, match=missing):
        cloudevents.decode(json.dumps(document).encode())


@pytest.mark.parametrize("nonsense", [b"", b"\xff\xfe", b"[]", b"null", b"{", b"[" * 100_000])
def test_nonsense_is_refused(nonsense: bytes) -> None:
    with pytest.raises(ValueError, match="not a change: "):
        cloudevents.decode(nonsense)
