"""Partnerships, local and sectoral."""
