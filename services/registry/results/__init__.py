"""The results of an open call (art. 15): which offers are funded, and with how much."""
