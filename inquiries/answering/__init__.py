"""How the staff see to an inquiry: who gets it, by when, who is reminded, joining and splitting."""
