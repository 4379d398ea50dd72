"""Inquiries from the form to the order: assignment, replies, deadlines, statistics."""
