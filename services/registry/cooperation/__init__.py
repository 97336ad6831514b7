"""Cooperation of the city with organisations, as it happened."""
