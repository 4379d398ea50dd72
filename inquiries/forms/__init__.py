"""The public forms: the inquiry, a message, the basket."""
