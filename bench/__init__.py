"""Benchmarks, compared with a view that does nothing."""
