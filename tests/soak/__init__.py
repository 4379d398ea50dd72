"""Hours of a busy site in minutes, while its parts fail at random: `make soak`."""
