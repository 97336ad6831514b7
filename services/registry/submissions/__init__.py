"""Putting an organisation forward for the register, and deciding on it."""
