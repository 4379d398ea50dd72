"""Formats in Arabic: Django has none for a date with a time, and separators of North Africa only.

With the digits 0 to 9, Unicode's CLDR writes numbers in Arabic as in English.
"""

DATETIME_FORMAT = "j F Y، H:i"
DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
