"""The public-benefit list per tax year."""
