"""The write side: from a PDF to pages, sections, tables and chunks in the index."""
