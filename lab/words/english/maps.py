"""What stands on and around the maps, and about the neighbours of an item."""

from __future__ import annotations

MAPS = {
    "maps": {
        "before": "Before",
        "after": "After",
        "colour": "Colour by",
        "side": "side",
        "change": "change of rank",
        "moved": "distance moved, in the original space",
        "travelled": "distance moved, on the map",
        "cluster": "cluster of the space after",
        "cluster_name": "cluster {number}",
        "other": "other",
        "blank": "(blank)",
        "lines": "Lines between pairs",
        "trails": "Trails from before",
        "pca": "PCA",
        "umap": "UMAP",
        "umap_waits": "UMAP is on its way",
        "gained": "rank gained",
        "lost": "rank lost",
        "rank": "rank of the right answer: {before} → {after}",
        "search": "Find a text on the maps",
        "not_found": "No text on the maps holds that.",
        "lasso": "Draw a loop",
        "in_loop": "Inside the loop",
        "marked": "{count} marked on both maps",
        "clear": "Clear",
        "more": "and {count} more",
        "play": "Play",
        "way": "The map after, on its way from the places before",
        "on_the_way": "{share}% of the way",
        "hint": "Point at an item to find it on both maps, its partner in a dotted ring; click to "
        "keep it. Drag to zoom in, double-click to zoom out.",
        "keys": "Arrow keys go from item to item, Enter keeps one, Escape lets it go.",
        "faith_pca": "How far to trust these maps: of an item's {neighbours} nearest, "
        "{kept_before} before and {kept_after} after are among its {neighbours} nearest on the "
        "map too (trustworthiness {trust_before} and {trust_after}; 1 is best). PCA draws both on "
        "one pair of axes: what moves on the map did move.",
        "faith_umap": "How far to trust these maps: of an item's {neighbours} nearest, "
        "{kept_before} before and {kept_after} after are among its {neighbours} nearest on the "
        "map too (trustworthiness {trust_before} and {trust_after}; 1 is best). Laid out twice "
        "with nothing changed, an item moves {floor} of the map's width; here it moved {moved} "
        "(medians), and {beyond} of the items moved further than such noise.",
    },
    "layout": {
        "title": "UMAP settings",
        "info": "They change this page's maps, not the run. The seed is the run's.",
        "n_neighbors": "Neighbours",
        "n_neighbors_info": "Few show fine groups, many the whole.",
        "min_dist": "Least distance",
        "min_dist_info": "How close together UMAP may lay items.",
        "metric": "Distance in the original space",
        "cosine": "cosine",
        "euclidean": "Euclidean",
        "again": "Lay out again",
        "running": "Laying out {points} points…",
        "measuring": "Measuring how far the new maps can be trusted…",
        "done": "Laid out anew in {seconds} s.",
        "no_run": "The lab has no maps of a run of yours: fine-tune first.",
        "failed": "That cannot be laid out: {error}",
    },
    "neighbours": {
        "title": "What stands near what",
        "empty": "Choose an item on a map, or one of those suggested.",
        "before": "Nearest before",
        "after": "Nearest after",
        "of": "Neighbours of",
        "across": "on the other side",
        "within": "on its own side",
        "common": "kept",
        "lost": "lost",
        "gained": "gained",
        "partner": "its partner",
        "summary": "{common} of {count} kept, {lost} lost, {gained} gained. By cosine, in the "
        "original space, not on a map.",
    },
    "overlap": {
        "title": "How many of its nearest each item kept",
        "waits": "Comparing every item's neighbours…",
        "bar": "{kept} of {count} kept (overlap {jaccard}): {items} items",
        "marks": "Kept {first} of {count}",
        "marks_span": "Kept {first} to {last} of {count}",
        "none_kept": "none kept",
        "all_kept": "all {count} kept",
        "note": "Each item's {count} nearest on the other side, before and after, in the original "
        "space; the overlap is Jaccard's: shared of all. Press a bar, or drag over several, to "
        "mark those items on the maps.",
        "sample": "An even sample: {shown} of {items} items.",
        "suggested": "Look at these first",
        "replaced": "Hardly a neighbour stayed (overlap)",
        "moved": "Moved furthest (cosine distance)",
        "closer": "Its partner came nearer (change of cosine)",
        "apart": "Its partner went away (change of cosine)",
        "kept": "Kept its neighbours (overlap)",
    },
}
