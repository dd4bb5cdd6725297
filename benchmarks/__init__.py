"""Figures, measured on the large inputs and printed as tables; nothing here is a timed test."""
