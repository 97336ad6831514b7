"""`make token ROLE=official`: print a token for the embedded run, on a line of its own."""

import argparse
import re
import sys

from deploy.embedded.keys import Keys
from deploy.embedded.layout import from_environment
from shared.contracts.people import Role


def main() -> None:
    roles = [role.value for role in Role]
    parser = argparse.ArgumentParser(
        prog="make token",
        usage="make token ROLE=… [ORGANIZATION=org_…] [SUBJECT=…] [HOURS=8]",
        description=f"{__doc__} Roles: {', '.join(roles)}.",
    )
    parser.add_argument("--role", action="append", choices=roles, metavar="ROLE", help=", ".join(roles))
    parser.add_argument("--subject", default="embedded-user", help="who the token says its bearer is")
    parser.add_argument("--organization", action="append", default=[], help="id of an organisation represented")
    parser.add_argument("--hours", type=float, default=8.0)
    given = parser.parse_args()
    if not given.role:
        parser.error(f"which role? one of {', '.join(roles)}")
    layout = from_environment()
    for id_ in given.organization:
        if not re.fullmatch(r"org_[0-9a-z]{26}", id_):
            parser.error(f"ORGANIZATION={id_} is not the id of an organisation")
    if Role.REPRESENTATIVE in given.role and not given.organization:
        parser.error("a representative represents somebody: add ORGANIZATION=org_…")
    try:
        token = Keys(layout.keys).token(given.role, given.subject, given.organization, int(given.hours * 3600))
    except FileNotFoundError:
        parser.error(f"{layout.data} is no data folder of a system: start it first, with make run and this DATA_DIR")
    sys.stdout.write(token + "\n")


main()
