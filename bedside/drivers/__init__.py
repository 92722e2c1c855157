"""The chips: one file each, over one bus method."""
