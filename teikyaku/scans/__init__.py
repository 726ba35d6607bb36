"""Photos and scans of papers: judged by their content, made anew, kept under random names."""

from teikyaku.scans.scan import Scan, ScanRefused, scan_of, size_label

__all__ = ["Scan", "ScanRefused", "scan_of", "size_label"]
