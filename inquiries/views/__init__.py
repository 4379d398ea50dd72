"""The public pages: the inquiry form, the basket and the page where a buyer follows an inquiry."""
