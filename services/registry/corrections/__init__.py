"""Error reports on records of any service, and the decisions on them."""
