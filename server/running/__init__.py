"""Keeping the installation running: how it stands, its figures, its log."""
