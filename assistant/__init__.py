"""The read side: from a question to an answer that cites or abstains."""
