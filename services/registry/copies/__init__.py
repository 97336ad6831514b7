"""The whole public registry as a file that an import takes again."""
