"""Spans of time in seconds, the unit of every clock here."""

HOUR = 3600
DAY = 24 * HOUR
