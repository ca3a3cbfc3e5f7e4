"""The steps, in the order in which they are declared."""

from media_pipeline.domain.steps import probe, safety, pictures, text_layer, reading, sound, film, speech  # noqa: F401, I001 - this order is the order of work
