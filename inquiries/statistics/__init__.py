"""The statistics of inquiries on the first page of the admin."""
