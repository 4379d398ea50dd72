"""The pages of the log-in and of one's own account, below the URL of the admin."""
