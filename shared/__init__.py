"""What every service and the gateway may import: contracts, the store port, the bus, the service kernel."""
