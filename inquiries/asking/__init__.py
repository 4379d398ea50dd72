"""How a visitor asks: form, basket, proof of work, and the page where the buyer follows it."""
