"""The forms that visitors fill in: the inquiry, a further message, the basket."""
