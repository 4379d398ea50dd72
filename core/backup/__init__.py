"""Backups: the database, the uploads and the private files in one archive, and restoring them."""
