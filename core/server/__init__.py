"""The production server, and how it treats clients that send or read slowly."""
