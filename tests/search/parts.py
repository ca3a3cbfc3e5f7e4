"""Parts of a whole (pages of a book), as search inside it and search without files that are closed ask for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from hypothesis import strategies as st

from search.interface import And, Document, Engine, Not, Or, Tag, Tier, Words, order_of
from tests.search.agreement import Agreed


def agree(engines: Sequence[Engine], agreed: Agreed, data: st.DataObject) -> None:
    """Hold these engines, which are empty, to each other and to what a search of every document gives."""
    words = st.lists(st.sampled_from("abc"), min_size=1, max_size=4)
    made = [
        Document(
            type=data.draw(st.sampled_from(("page", "cue"))),
            pk=pk,
            version=1,
            order=order_of(data.draw(st.integers(1, 3)), pk),
            fields={"meaning": tuple(data.draw(words))},
            facets={
                "file": (data.draw(st.sampled_from("12")),),
                "people": tuple(sorted(data.draw(st.sets(st.sampled_from("xy"))))),
            },
            parent=data.draw(st.sampled_from(("ark:1", "ark:2"))),
            locator=f"page={pk}",
        )
        for pk in range(1, data.draw(st.integers(2, 12)))
    ]
    for engine in engines:
        engine.write(made)
    tokens = tuple(sorted(data.draw(st.sets(st.sampled_from("abc"), min_size=1, max_size=2))))
    query = Words("meaning", tokens)
    kinds = Or((Tag("type", "page"), Tag("type", "cue")))
    where = And((Tag("parent", "ark:1"), kinds, Not(Tag("file", "1"))))
    wanted = sorted(
        (
            one
            for one in made
            if set(tokens) <= set(one.fields["meaning"])
            and (one.parent, one.facets["file"]) == ("ark:1", ("2",))
        ),
        key=lambda one: one.order,
    )
    people = dict(Counter(value for one in wanted for value in one.facets["people"]))
    tier = [Tier("exact", query)]
    inside = agreed.ask(engines, lambda engine: engine.lookup(tier, where, limit=50, facets=("people",)))
    assert [hit.pk for hit in inside.hits] == [one.pk for one in wanted]
    assert (inside.total, inside.facets) == (len(wanted), {"people": people})

    def located(engine: Engine) -> list[tuple[int, str]]:
        found = engine.words(query, where, limit=50, facets=("people",))
        assert (found.total, found.facets) == (len(wanted), {"people": people})
        return sorted((hit.pk, hit.locator) for hit in found.hits)

    assert agreed.ask(engines, located) == sorted((one.pk, one.locator) for one in wanted)
