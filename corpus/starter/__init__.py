"""The starter guides: texts of our own, their sources, and the script that prints them."""
