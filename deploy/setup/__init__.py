"""Setting up what the processes stand on: secrets, and the database's users."""
