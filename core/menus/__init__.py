"""The menus in the header and the footer, which staff arrange in the admin."""
