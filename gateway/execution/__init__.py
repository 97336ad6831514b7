"""How operations are executed: by plans, made once per operation, where what a field means is known; else stock.

A plan resolves what contract objects hold without a call per field, and relations by one load per level. Whatever it
does not know – a resolver of its own kind, a value that is not what the contract says – is left to graphql-core's own
executor, field by field, so that answers and errors are the same. tests/gateway/execution compares the two.
"""
