"""How good and how fast, measured against a peer in the same run."""
