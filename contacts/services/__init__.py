"""What staff can do with the company's and the contacts' details."""
