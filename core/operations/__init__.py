"""What those who run the site are told: whether its parts work, and what to do if not."""
