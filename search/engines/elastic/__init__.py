"""The engine for what one machine cannot hold: Elasticsearch, over HTTP."""
