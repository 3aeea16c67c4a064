"""Pictures of the report: docs/performance/*.svg, of docs/performance.json alone."""
