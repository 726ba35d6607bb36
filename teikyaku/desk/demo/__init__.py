"""The demo city: fictional people, the same for the same date, built through the product's actions."""
