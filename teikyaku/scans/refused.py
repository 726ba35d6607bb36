"""The one way in which a file is refused."""


class ScanRefused(ValueError):
    """The file is not kept; the text says why, in words for whoever sent it."""
