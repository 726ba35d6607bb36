"""The operations of 0001_tables, by what they hold."""
