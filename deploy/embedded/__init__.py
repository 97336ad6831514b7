"""The embedded run: everything in one command, without containers."""
