"""Benchmarks, measured beside a view that does nothing."""
