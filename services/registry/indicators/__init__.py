"""Aggregate indicators of organisations and projects."""
