"""Fetches buyers' e-mails and adds them to their inquiries."""
