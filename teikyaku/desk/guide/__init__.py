"""Two questions that anybody may ask without signing in. Nothing of an answer is stored."""
