"""Fetches buyers' e-mails and adds them to their inquiries, or makes new ones of them."""
