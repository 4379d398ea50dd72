"""Staff pages beside the change form of an inquiry, as plain functions."""
