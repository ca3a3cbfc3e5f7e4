"""Pictures of keyboards: what stands where, as values; as SVG for pages, as PDF for paper."""
