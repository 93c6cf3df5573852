"""mvr renders music videos from a project file."""

__version__ = "0.1.0"
