"""Checks of an article's texts before it is published. They warn, and never prevent saving."""
