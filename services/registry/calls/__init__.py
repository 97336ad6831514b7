"""Open calls for offers (art. 13): tasks, criteria, and the term for offers."""
