"""`make token ROLE=official`: print a token for the embedded run, on a line of its own."""

import argparse
import sys

from deploy.embedded.keys import Keys
from deploy.embedded.layout import from_environment
from shared.contracts.people import Role


def main() -> None:
    roles = [role.value for role in Role]
    parser = argparse.ArgumentParser(prog="make token", description=__doc__)
    parser.add_argument("--role", action="append", choices=roles, required=True, metavar="ROLE", help=", ".join(roles))
    parser.add_argument("--subject", default="embedded-user", help="who the token says its bearer is")
    parser.add_argument("--organization", action="append", default=[], help="id of an organisation represented")
    parser.add_argument("--hours", type=float, default=8.0)
    given = parser.parse_args()
    keys = Keys(from_environment().keys)
    keys.ensure()
    sys.stdout.write(keys.token(given.role, given.subject, given.organization, int(given.hours * 3600)) + "\n")


main()
