"""Events: the calendar of the city, its organisations and its consultations."""
