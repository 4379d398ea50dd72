"""Inquiries, events and deadlines as text in the active language."""
