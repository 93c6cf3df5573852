"""The only room that knows ffmpeg and av: what a file holds, sound as numbers, pictures as video, the film joined.

tool     which ffmpeg runs here, and what names its build in a recipe
run      starts ffmpeg, drains it, kills it; nothing else starts it
probe    what streams a file holds
decode   a song as samples
sound    the film's sound: the song's own packets, or AAC
loudness how loud a sound is, and the level that makes it as loud as asked
stream   what makes segments joinable: one stream class a film
encode   pictures as segments of that class
badge    a few words in the corner of a picture that stands in for another
glance   one frame of a file, small, to look at
fonts    which font letters which character
typeset  how wide words are, and where a line of them breaks
captions words over the picture
overlays pictures over the picture
packets  packets copied onto the film's clock
join     segments and sound into one film
"""
