"""Mail about inquiries. Every message has one kind of reader: a buyer, or the staff."""
