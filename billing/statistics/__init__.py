"""お金の統計 of an office: numbers, the tables that tell them, page and workbook of the same tables."""
