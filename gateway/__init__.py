"""The gateway: one GraphQL schema over the three services. It talks HTTP to them and knows none of their code."""
