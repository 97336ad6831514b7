"""The three independent services. None of them knows another."""
