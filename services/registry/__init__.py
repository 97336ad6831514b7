"""The registry: organisations and their units, districts, centres, partnerships, projects."""
