"""Pictures of the report: docs/performance/*.svg, made from docs/performance.json alone."""
