"""The domain: ids, queries, phone numbers, masking, lookups, legs and searches."""
