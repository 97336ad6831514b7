"""Offers in open calls (art. 14): made, changed and withdrawn by organisations, single and joint."""
