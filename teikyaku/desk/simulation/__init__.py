"""One office lived day by day through the product's own actions and reminders, and judged from outside."""
