"""mvr renders music videos from a project file, and makes again only what an edit touched.

The idea on one example. `folder` holds a project: a song of 16 seconds, two characters, two shots in the user's words.

    >>> film = Workspace(folder / "project.yaml", machine.load())
    >>> film.render(Goal(), quietly).exit_code
    0
    >>> film.plan()["stale"]
    0

A word of one shot is changed. `plan` makes nothing, and knows what the word touches: that shot's still for certain;
its clip and segment cannot be judged before the still is made.

    >>> change("in the rain", "in the snow")
    >>> [(node["name"], node["state"]) for node in film.plan()["nodes"] if node["state"] != "fresh"]
    [('verse-1.1/keyframe', 'stale'), ('verse-1.1/clip', 'waits'), ('verse-1.1/segment', 'waits'), ('film', 'waits')]
    >>> film.why("verse-1.1/keyframe")["why"][0]["now"].partition(".")[0]
    'ada waits at a wide street corner in the snow'

`render` makes what is stale, and nothing else; the film is joined from old and new segments.

    >>> film.render(Goal(), quietly).made
    3

Nothing that was made is lost. The word is taken back, and the old film is there without drawing a frame.

    >>> change("in the snow", "in the rain")
    >>> film.render(Goal(), quietly).made
    0

Where to read on: `workspace` (what one can ask of a project), `pipeline` (which stages there are and what each reads),
`engine.plan` (is it stale?), `engine.build` (making it), `stages` and `backends` (the contracts of what can be added).
"""

__version__ = "0.1.0"
