"""The forms of the staff pages, one module for each page."""
