"""Samples to report, pure: no clock, no file, no thread."""
