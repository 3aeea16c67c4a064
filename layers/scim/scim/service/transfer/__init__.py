"""Export and import of whole directories as files: bulk, NDJSON and CSV both ways, LDIF for import only."""
