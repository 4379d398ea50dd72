"""Export, erasure and retention of buyers' personal data (GDPR, articles 15 and 17).

Personal data is in the inquiries from the buyer's e-mail address, with their lines, events and
attachments, and in the outbox: e-mails to the buyer and about the inquiries. There is none
elsewhere: the admin's log has references and names of changed fields; the cache has the e-mail
address in the key of a rate limit for at most a day; only articles have a history; django-axes
stores log-ins of the staff. Backups, server logs and the mailbox of inbound e-mail are the
operator's responsibility.
"""
