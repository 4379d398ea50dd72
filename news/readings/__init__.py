"""How often articles are read, by day. No visitor is known here, only numbers."""
