"""Mutations: each is a service's command. A refusal is data, in the payload's `errors`; a fault is a GraphQL error."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, Optional

import msgspec
import strawberry

from gateway.context import Context, Info
from gateway.kinds import BY_PREFIX, Kind
from gateway.limits.declared import WRITE
from gateway.schema.expose import expose, given, input_of
from gateway.schema.relations import lazy
from gateway.transport import ServiceRefusal
from shared.contracts.base import Command
from shared.contracts.refusals import RefusalItem, Refused, invalid

KEY_MAX = 200


@expose(RefusalItem)
class Refusal:
    """Why a mutation was declined: the rule, the field, how to mend it, and the law where there is one."""


def command(
    kind: Kind,
    contract: type[Command],
    references: Mapping[str, Kind | None] | None = None,
    *,
    open_to_visitors: bool = False,
    check: Callable[[Any], None] | None = None,
) -> Any:
    """The mutation field of a command whose answer is an entity of the kind.

    `references` names the command's fields that hold ids of other services' entities: the gateway makes sure they
    exist, for the service that decides cannot know. None stands for an entity of any kind. `check` refuses what only
    the gateway can see to be wrong.
    """
    result = kind.name[0].lower() + kind.name[1:]
    payload = _payload(contract, kind, result)

    async def resolve(info: Any, input: Any, idempotency_key: Any = None) -> Any:
        context: Context = info.context
        try:
            _key_is_usable(idempotency_key)
            asked = given(input, contract)
            # the service declines a visitor for that reason; an outsider learns nothing from ids
            if context.viewer is not None or open_to_visitors:
                await _references_exist(context, asked, references or {})
                if check is not None:
                    check(asked)
            entity = await context.clients.command(kind, asked, context.caller, idempotency_key)
        except msgspec.ValidationError as error:
            return _refused(payload, result, (invalid(error).item(context.caller.language),))
        except Refused as refused:
            return _refused(payload, result, (refused.item(context.caller.language),))
        except ServiceRefusal as refusal:
            return _refused(payload, result, refusal.errors)
        context.forget()
        return payload(**{result: entity}, errors=())

    resolve.__annotations__ = {
        "info": Info,
        "input": input_of(contract),
        "idempotency_key": Optional[str],
        # nullable: where several mutations are sent at once, a fault in one does not hide the answers of the others
        "return": Optional[payload],
    }
    doc = (contract.__doc__ or "").split("\n\n")[0] if contract.__dict__.get("__doc__") else None
    return strawberry.mutation(resolver=resolve, description=doc, directives=[WRITE])


def _key_is_usable(key: str | None) -> None:
    if key is not None and not 1 <= len(key) <= KEY_MAX:
        raise Refused(
            "IDEMPOTENCY_KEY_INVALID",
            pl=f"Klucz idempotencji ma mieć od 1 do {KEY_MAX} znaków.",
            en=f"An idempotency key has 1 to {KEY_MAX} characters.",
            field="idempotencyKey",
        )


def _payload(contract: type[Command], kind: Kind, result: str) -> Any:
    annotations = {result: Optional[lazy(kind)], "errors": list[Refusal]}
    return strawberry.type(type(f"{contract.__name__}Payload", (), {"__annotations__": annotations}))


def _refused(payload: Any, result: str, errors: tuple[RefusalItem, ...]) -> Any:
    return payload(**{result: None}, errors=errors)


async def _references_exist(context: Context, asked: Command, references: Mapping[str, Kind | None]) -> None:
    for name, kind in references.items():
        value = getattr(asked, name)
        ids = value if isinstance(value, tuple) else () if value is None else (value,)
        found = await asyncio.gather(*(_load(context, id_, kind) for id_ in ids))
        for place, entity in enumerate(found):
            if entity is None:
                field = next(f.encode_name for f in msgspec.structs.fields(type(asked)) if f.name == name)
                raise Refused(
                    "UNKNOWN_ID",
                    pl="Nie ma niczego o tym identyfikatorze; sprawdź go.",
                    en="There is nothing with this id; check it.",
                    field=f"{field}.{place}" if isinstance(value, tuple) else field,
                )


async def _load(context: Context, id_: str, kind: Kind | None) -> Any:
    of_kind = kind or BY_PREFIX.get(id_.partition("_")[0])
    return None if of_kind is None else await context.loaders.by_id(of_kind).load(id_)
