"""The frame of the admin, which the apps share."""
