"""The log of what staff did: who, when, from where, to which object."""
