"""Good practices and ideas, from the submission to the public catalogue."""
