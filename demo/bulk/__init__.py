"""Any number of articles, products and inquiries, to try how the site works with many."""
