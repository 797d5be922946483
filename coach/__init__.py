"""The conversation coach: prepares and follows up every session of a reverse-mentoring pair."""
