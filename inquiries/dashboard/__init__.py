"""What the inquiries come to: how many of which kind, how fast they are answered, what is won."""
