"""Business actions on the company and its contacts."""
