"""Every document against the schemas of the API, strictly: a field that Kubernetes does not know is an error."""

import json
from functools import cache
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError
from kubernetes_validate.utils import latest_version, validate

from tests.deploy.kubernetes.rendering import FOLDERS, Document, named, render, title

OLDEST = "1.33"
"""Of the versions that README.md promises."""
VERSIONS = (OLDEST, latest_version())
CUSTOM = "MongoDBCommunity"


def _object(**properties: Any) -> dict[str, Any]:
    """All of them, and no others."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


_NAME = {"type": "string", "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"}
_QUANTITY = {"type": "string", "pattern": r"^\d+(m|Mi|Gi)?$"}
_RESOURCES = _object(cpu=_QUANTITY, memory=_QUANTITY)
_AFFINITY_TERM = _object(
    topologyKey={"type": "string"}, labelSelector=_object(matchLabels=_object(app={"const": "mongodb-svc"}))
)
MONGODB = _object(
    apiVersion={"const": "mongodbcommunity.mongodb.com/v1"},
    kind={"const": CUSTOM},
    metadata=_object(name=_NAME, namespace=_NAME, labels={"type": "object"}),
    spec=_object(
        type={"enum": ["ReplicaSet"]},
        members={"type": "integer", "minimum": 1},
        version={"type": "string", "pattern": r"^8\.0\.\d+$"},
        # whatever mongod takes; the one that is set by its full name
        additionalMongodConfig={
            "type": "object",
            "properties": {"setParameter.transactionLifetimeLimitSeconds": {"type": "integer", "minimum": 1}},
            "additionalProperties": False,
        },
        security=_object(
            authentication=_object(
                modes={"type": "array", "items": {"enum": ["SCRAM", "SCRAM-SHA-256", "SCRAM-SHA-1"]}, "minItems": 1},
                ignoreUnknownUsers={"type": "boolean"},
            )
        ),
        users={
            "type": "array",
            "items": _object(
                name=_NAME,
                db={"type": "string"},
                passwordSecretRef=_object(name=_NAME),
                scramCredentialsSecretName=_NAME,
                roles={"type": "array", "items": _object(name={"type": "string"}, db={"type": "string"})},
            ),
        },
        statefulSet=_object(
            spec=_object(
                template=_object(
                    spec=_object(
                        terminationGracePeriodSeconds={"type": "integer"},
                        affinity=_object(
                            podAntiAffinity=_object(
                                requiredDuringSchedulingIgnoredDuringExecution={
                                    "type": "array",
                                    "items": _AFFINITY_TERM,
                                },
                                preferredDuringSchedulingIgnoredDuringExecution={
                                    "type": "array",
                                    "items": _object(weight={"type": "integer"}, podAffinityTerm=_AFFINITY_TERM),
                                },
                            )
                        ),
                        containers={
                            "type": "array",
                            "items": _object(
                                name={"enum": ["mongod", "mongodb-agent"]},
                                resources=_object(requests=_RESOURCES, limits=_RESOURCES),
                            ),
                            "minItems": 2,
                        },
                    )
                ),
                volumeClaimTemplates={
                    "type": "array",
                    "items": _object(
                        metadata=_object(name={"enum": ["data-volume", "logs-volume"]}),
                        spec=_object(
                            accessModes={"const": ["ReadWriteOnce"]},
                            resources=_object(requests=_object(storage=_QUANTITY)),
                        ),
                    ),
                    "minItems": 2,
                },
            )
        ),
    ),
)
"""The part of the operator's own schema that we use (its version 1.6; the names are the same since 0.8 of the community
operator). What stands below `statefulSet.spec` the operator merges into its StatefulSet by these names of containers
and volumes, and does not check."""


@cache
def _validate(written: str, version: str) -> None:
    validate(json.loads(written), version, strict=True)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("folder", FOLDERS)
def test_every_document_is_valid(folder: str, version: str) -> None:
    for document in render(folder):
        if document["kind"] != CUSTOM:
            _validate(json.dumps(document), version)  # most are the same in all folders


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_replica_set_is_as_its_operator_wants_it(folder: str) -> None:
    Draft202012Validator(MONGODB).validate(named(render(folder), CUSTOM, "mongodb"))


def _misspelt(document: Document) -> None:
    document["spec"]["template"]["spec"]["containers"][0]["readynessProbe"] = {}


def _of_another_type(document: Document) -> None:
    document["spec"]["template"]["spec"]["containers"][0]["env"][0]["value"] = 8080


@pytest.mark.parametrize("harm", [_misspelt, _of_another_type])
def test_what_kubernetes_does_not_know_is_refused(harm: Any) -> None:
    deployment = named(render("base"), "Deployment", "registry")
    harm(deployment)
    with pytest.raises(ValidationError):
        validate(deployment, VERSIONS[-1], strict=True)


@pytest.mark.parametrize(
    "change",
    [{"members": 0}, {"members": "3"}, {"version": "8"}, {"replicas": 3}, {"users": [{"name": "registry"}]}],
    ids=str,
)
def test_a_replica_set_that_the_operator_would_not_take_is_refused(change: dict[str, Any]) -> None:
    resource = named(render("base"), CUSTOM, "mongodb")
    resource["spec"].update(change)
    with pytest.raises(ValidationError):
        Draft202012Validator(MONGODB).validate(resource)


@pytest.mark.parametrize("folder", FOLDERS)
def test_nothing_is_there_twice(folder: str) -> None:
    titles = [title(document) for document in render(folder)]
    assert len(set(titles)) == len(titles)
