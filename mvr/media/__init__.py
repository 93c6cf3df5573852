"""The only room that knows ffmpeg and av: what a file holds, sound as numbers, pictures as video, the film joined.

tool     which ffmpeg runs here, and what names its build in a recipe
run      starts ffmpeg, drains it, kills it; nothing else starts it
probe    what streams a file holds
decode   sound as samples
encode   pictures as video of one stream class, sound as AAC
badge    a few words in the corner of a picture that stands in for another
join     segments and sound into one film, by copying packets
"""
