"""The Details modal."""
