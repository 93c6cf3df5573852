"""The engine: what is stale, why, and who makes it. It knows no music and no pictures.

digest    canonical JSON, content digests, keys
graph     nodes and what they read
store     bytes by digest, records by key, roots by project text
ledger    an index over the records
witness   proofs by stat that a file is what it was
plan      is it stale? the one place that answers
reasons   what has changed, as data
job       what a worker is asked to do, and the desk it works at
apart     a desk for one job outside of any build
events    what happened, as values
ready     what may be made now, in which order
local     lanes of worker processes on this machine
inbox     a bell that wakes a running build
build     makes what is stale, keeps going, and joins twins
"""
