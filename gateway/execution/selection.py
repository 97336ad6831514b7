"""What is asked of an object of one type: its plain fields in one go, and the others each in its way.

A path is a tuple (path of the parent, key, name of the parent's type): graphql-core's own, without its cost.
"""

from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from graphql import GraphQLObjectType
from graphql.execution.executor import invalid_return_type_error

from gateway.execution.leaves import Convert
from gateway.execution.memory import Memory, known, remember, remember_fields

if TYPE_CHECKING:
    from gateway.execution.following import Following
    from gateway.execution.run import Run

type Details = Any
"""graphql-core's FieldDetailsList: the nodes that ask for one key."""

type Path = tuple[Any, str | int, str | None] | None
type Parent = tuple[Any, dict[str, Any], Path]
"""An object, what is being made of it, and where it stands."""


class Surprise(Exception):
    """A value is not what the contract says; the stock executor knows what to say of it."""


class Plain(NamedTuple):
    """A field that is read off the object, by attribute or by a function, and holds nothing to be loaded."""

    key: str
    details: Details
    attribute: str | None
    function: Convert | None
    convert: Convert | None


class Other(Protocol):
    """A field of which something has to be loaded, or of which the plan knows nothing."""

    key: str

    def begin(self, run: "Run", thing: Any, made: dict[str, Any], path: Path) -> None: ...


class Selection:
    def __init__(
        self,
        type_: GraphQLObjectType,
        contract: type | None,
        details: Details,
        fields: "list[Plain | Other | Following]",
    ) -> None:
        from gateway.execution.following import Following

        self.type = type_
        self.contract = contract
        self.details = details
        self.fields = fields
        self.relations = [field for field in fields if isinstance(field, Following)]
        self.others: list[Other] = [field for field in fields if not isinstance(field, Plain | Following)]
        self.is_plain = not self.relations and not self.others
        self.read = _reader(contract, fields)
        self._memory: Memory = {}

    def build(self, run: "Run", thing: Any, path: Path) -> Any:
        """The object as it goes into the answer; what has to be loaded is filled in later."""
        try:
            made = self._recalled(run, thing) if run.ready and self.contract is not None else self.read(thing)
        except Exception:  # field by field, the stock executor finds out what it was
            made = self._field_by_field(run, thing, path)
        else:
            for other in self.others:
                other.begin(run, thing, made, path)
        if self.relations:
            run.follow(self, (thing, made, path))
        return made

    def _recalled(self, run: "Run", thing: Any) -> Any:
        """What was made of it before, or is made now."""
        made = known(self._memory, thing)
        if made is None:
            made = self.read(thing)
            if run.keeps:
                made = (remember if self.is_plain else remember_fields)(self._memory, thing, made)
        return made if self.is_plain else made.copy()

    def _field_by_field(self, run: "Run", thing: Any, path: Path) -> dict[str, Any]:
        if self.contract is not None and not isinstance(thing, self.contract):
            raise invalid_return_type_error(self.type, thing, self.details)
        made: dict[str, Any] = {}
        for field in self.fields:
            made[field.key] = None
            if isinstance(field, Plain):
                made[field.key] = run.by_stock(self.type, thing, field.key, field.details, path)
            elif field not in self.relations:
                field.begin(run, thing, made, path)  # type: ignore[union-attr]
        return made


def _reader(contract: type | None, fields: list[Any]) -> Callable[[Any], dict[str, Any]]:
    plain = [field for field in fields if isinstance(field, Plain)]
    read = [field for field in plain if field.attribute is not None]
    keys = [field.key for field in read]
    values = _values([field.attribute for field in read if field.attribute is not None])
    computed = [(field.key, field.function) for field in plain if field.function is not None]
    converted = [(field.key, field.convert) for field in plain if field.convert is not None]
    outline = dict.fromkeys(field.key for field in fields)
    only_read = len(keys) == len(fields)

    def reader(thing: Any) -> dict[str, Any]:
        if contract is not None and type(thing) is not contract:
            raise Surprise
        if only_read:
            made: dict[str, Any] = dict(zip(keys, values(thing), strict=True))
        else:
            made = outline.copy()
            made.update(zip(keys, values(thing), strict=True))
            for key, function in computed:
                made[key] = function(thing)
        for key, convert in converted:
            made[key] = convert(made[key])
        return made

    return reader


def _values(attributes: list[str]) -> Callable[[Any], tuple[Any, ...]]:
    if not attributes:
        return lambda _: ()
    if len(attributes) == 1:
        (one,) = attributes
        return lambda thing: (getattr(thing, one),)
    return attrgetter(*attributes)
