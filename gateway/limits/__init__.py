"""What one operation and one client may ask for. Every limit is a setting, and every refusal names it."""
