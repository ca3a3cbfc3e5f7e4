"""Records of libraries in and out of files: pure functions between MARC, tables and content trees."""
