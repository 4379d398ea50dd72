"""Business actions on products."""
