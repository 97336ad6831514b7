"""Import and export of the register: CSV, JSON Lines, extracts of the KRS register, DCAT-AP metadata."""
