"""Reads what WordPress exports (WXR) and makes articles and pages of it."""
