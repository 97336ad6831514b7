"""`make schema`: print the schema in GraphQL's own language; the committed file is reviewed and compared in tests."""

import sys

from gateway.schema.root import schema

sys.stdout.write(schema.as_str() + "\n")
