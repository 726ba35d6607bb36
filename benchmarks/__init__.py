"""How quick it is: `make bench` prints JSON."""
