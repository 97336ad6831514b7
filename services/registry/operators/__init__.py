"""Community centres as they are entered, and who runs them from which day on."""
