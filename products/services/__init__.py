"""What can happen to products."""
