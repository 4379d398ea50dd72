"""Dates in French: Django puts nothing between the day and the time."""

DATETIME_FORMAT = "j F Y à H:i"
