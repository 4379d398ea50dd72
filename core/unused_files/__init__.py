"""Deleting uploads that nothing on the site refers to any more."""
