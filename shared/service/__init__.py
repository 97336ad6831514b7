"""What the three services have in common: their life as a process, errors, reading, writing, import."""
