"""GraphQL over HTTP (https://graphql.github.io/graphql-over-http/draft/): POST, GET and event streams, step by step."""
