"""More than one machine, tried with processes on this one (docs/scale.md)."""
