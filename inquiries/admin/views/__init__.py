"""The staff pages besides the change form of an inquiry, as function views."""
