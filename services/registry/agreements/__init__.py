"""Agreements on granted tasks, changes to them, and reports (art. 16 to 18)."""
