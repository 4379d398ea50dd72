"""Dates in Arabic: Django has no format for a date with a time."""

DATETIME_FORMAT = "j F Y، H:i"
