"""Seed data: what the city's documents say, as records of the three services, and more like it for realistic size."""
