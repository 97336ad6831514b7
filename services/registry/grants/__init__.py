"""Small grants (art. 19a): from the offer to the decision, within the yearly caps."""
