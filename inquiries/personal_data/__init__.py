"""Export, erasure and retention of buyers' personal data."""
