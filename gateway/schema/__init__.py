"""The GraphQL schema, by domain; `root` puts it together."""
