"""The e-mails about inquiries, one function for each.

To the buyer (`buyer.py`), in this order:

1. `send_acknowledgement`: the inquiry was received, with reference, deadline and status page.
2. `send_answer`: each answer.

To the staff about one inquiry (`staff.py`): `notify_managers_of_new_inquiry`,
`notify_assigned_contact`, `notify_previous_contact`, `notify_of_message`,
`notify_of_delivery_failure`. About several inquiries (`inquiry_lists.py`): `send_reminder`,
`send_overdue_notice`, `send_digest`. To the managers about erasure (`erasure_notice.py`):
`send_erasure_notice`; about undelivered e-mails to the staff (`failure_notice.py`):
`send_failure_notice`.

Every e-mail is queued in the transaction of the change that it reports.
"""
