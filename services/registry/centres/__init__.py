"""Districts of the city, and its community centres."""
