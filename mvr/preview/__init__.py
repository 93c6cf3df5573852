"""The page that `mvr watch` serves: the film, its shots and what is made of them, in a browser on this machine.

`hub` holds what the page shows, put there by whoever watches the builds; `guard` says which requests are answered;
`server` answers them; `static/` is the page itself: plain HTML, CSS and JavaScript modules, with nothing to build and
nothing fetched from elsewhere.
"""
