"""teikyaku: case management for 就労定着支援 (employment-retention support)."""

__version__ = "0.4.0"
