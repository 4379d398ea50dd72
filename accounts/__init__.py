"""Staff accounts: log-in, second factor, password reset, invitations and sessions."""
