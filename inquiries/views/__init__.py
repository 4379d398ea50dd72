"""The public pages: the inquiry form, the basket and the buyer's status page."""
