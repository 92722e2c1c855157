"""What must survive, done to it for real: power cuts by the dozen, and a month of nights."""
