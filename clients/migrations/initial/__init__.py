"""The tables of the first release, in the parts that 0001_initial puts together."""
