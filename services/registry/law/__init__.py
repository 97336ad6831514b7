"""Limits of law as dated data: built in as the acts stand, and what an operator entered since."""
