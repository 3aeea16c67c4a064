"""The parser ANTLR writes from grammar/ScimFilter.g4: `make grammar` replaces it, nobody edits it."""
