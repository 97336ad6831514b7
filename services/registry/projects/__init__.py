"""Projects with their funders and partners."""
