"""Spreadsheets and directories taken in as files, each run reported row by row and undone in one step."""
