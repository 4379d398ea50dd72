"""The company, its working hours and holidays, and its sales contacts."""
