"""What `make proof` runs: the real site, killed and raced at many random instants, and what it had acknowledged."""
