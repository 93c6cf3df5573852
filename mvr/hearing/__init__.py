"""How mvr hears a song. Only the stage `music` comes here, and late: librosa gives the features.

samples    spans of the mono song from its file
filters    librosa's mel bands and twelve tones, and how loud a frequency is heard
features   one pass over the samples: onsets and levels at 100 Hz, timbre, harmony and loudness at 10 Hz
beats      the door to the beat tracker: samples and features in, beats and downbeats out
pulse        tempo and rough beats
readings     on the beat or off it, and how fast: which of the ways to tap along is right
attacks      each beat put on the attack that is heard there
bars         which beats are downbeats
sections   where sections begin, and which are the same music
roles      verse, chorus and the like, and their names
envelopes  the curves that move a picture, and the song's energy
cues       the moments at which something begins
"""
