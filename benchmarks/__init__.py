"""Each measure of quality and speed, with the same command line."""
