"""Who runs the site: superusers, and those who may see the outbox."""

VIEW = "post_office.view_email"
SEND_AGAIN = "post_office.change_email"
