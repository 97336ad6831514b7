"""What the gateway remembers: entities and pages as every visitor sees them, and whole answers as bytes.

Kept true by the changes on the bus (docs/decisions/0014-cache.md). Nothing in here was read with anybody's token.
"""
