"""The register itself: organisations, public bodies, and their units."""
