"""Spreadsheets that a higher room reads row by row: past requests, activities."""
