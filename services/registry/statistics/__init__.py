"""Statistics of the register: dated snapshots. Live counts are facets of the register itself."""
