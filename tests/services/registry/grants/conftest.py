from tests.services.registry.moments import at

__all__ = ["at"]
