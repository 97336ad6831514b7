"""Grants that were awarded, as open data in the 360Giving standard."""
