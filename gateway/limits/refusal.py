"""How a limit is told: which, how far it was passed, and the setting that an operator would change."""

from graphql import GraphQLError

from shared.contracts.refusals import Refused


def beyond(code: str, setting: str, limit: int, found: int, *, pl: str, en: str) -> GraphQLError:
    """A GraphQL error, put into the caller's language on its way out like every Refused (gateway/errors.py)."""
    refused = Refused(
        code,
        pl=f"{pl}: {found}, a dozwolone jest {limit} ({setting}).",
        en=f"{en}: {found}, and {limit} is allowed ({setting}).",
        status=400,
    )
    return GraphQLError(refused.en, original_error=refused, extensions={"code": code})
