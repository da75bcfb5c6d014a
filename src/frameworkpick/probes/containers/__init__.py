"""Proves a project in containers: one of its image, and all that its compose file names."""
