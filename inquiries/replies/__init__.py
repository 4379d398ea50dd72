"""Buyers' replies by mail: read, matched to their inquiry, kept once."""
