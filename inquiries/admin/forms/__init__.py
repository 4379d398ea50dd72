"""The forms of the inquiries' admin, one module for each page."""
