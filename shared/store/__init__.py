"""The store: one port, two adapters. Services speak to `port`; the adapters know their database."""
