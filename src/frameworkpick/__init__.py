"""Pick FastAPI or Flask with reasons, and get a proven project."""

__version__ = "0.1.0.dev0"
