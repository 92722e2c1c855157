"""Stands behind the bus and the pins; drivers cannot tell."""
