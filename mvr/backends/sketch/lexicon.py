"""The words the sketch knows, beside the places and things, whose files name their own."""

from __future__ import annotations

WEATHER = {
    "rain": ("rain", "drizzle", "downpour", "rain soaked", "monsoon", "puddle", "wet"),
    "snow": ("snow", "blizzard", "snowfall", "winter", "frost", "ice", "frozen", "snowflake"),
    "fog": ("fog", "mist", "haze", "smoke", "steam", "smog"),
    "storm": ("storm", "thunder", "lightning", "tempest", "thunderstorm", "hurricane"),
    "wind": ("wind", "windy", "breeze", "gust", "windswept"),
    "clear": ("clear", "sunny", "cloudless", "bright sky"),
    "clouds": ("cloud", "overcast", "cloudy", "grey sky", "gray sky"),
}
TIMES = {
    "dawn": ("dawn", "sunrise", "daybreak", "early morning", "first light", "morning", "sun rise"),
    "day": ("day", "noon", "midday", "afternoon", "daylight", "sunlight", "summer", "sunny", "blue sky"),
    "dusk": ("dusk", "sunset", "evening", "twilight", "golden hour", "sundown", "magic hour", "sun set", "autumn"),
    "night": ("night", "midnight", "nocturnal", "moonlight", "starlight", "moon", "star", "nighttime", "dark",
              "neon", "starry"),
}  # fmt: skip
LIGHTS = {
    "neon": ("neon", "cyberpunk", "futuristic", "fluorescent", "led"),
    "candle": ("candle", "candlelight", "lantern", "firelight", "lamplight", "campfire", "warm light"),
    "moon": ("moon", "moonlight", "moonlit", "full moon"),
    "shafts": ("sunbeam", "sun shaft", "shaft", "god ray", "light ray", "beam", "ray", "sunlight", "backlit",
               "backlight"),
    "spot": ("spotlight", "spot light", "stage light", "floodlight", "strobe", "laser", "beneath the light",
             "under the light"),
    "silhouette": ("silhouette", "contre jour", "shadow"),
}  # fmt: skip
MOODS = {
    "sad": ("sad", "lonely", "alone", "lost", "loss", "grief", "tear", "melancholy", "empty", "isolated", "farewell",
            "broken", "cry", "miss", "blue"),
    "hope": ("hope", "hopeful", "dream", "wonder", "gentle", "peace", "soft", "quiet", "calm", "serene", "new"),
    "joy": ("joy", "happy", "smile", "laugh", "party", "celebrate", "play", "bright", "love", "kiss", "free"),
    "anger": ("anger", "angry", "rage", "fire", "burn", "fight", "war", "blood", "scream", "fury", "danger", "red"),
    "eerie": ("eerie", "ghost", "haunted", "strange", "uncanny", "fear", "horror", "nightmare", "shadowy", "mystery"),
}  # fmt: skip
SIZES = {
    "extreme wide": ("extreme wide", "extreme long", "establishing", "aerial", "vast", "tiny figure", "panorama",
                     "far away", "bird eye", "from above the"),
    "wide": ("wide", "wide shot", "long shot", "landscape", "in the distance", "distant", "skyline"),
    "full": ("full shot", "full body", "full length", "head to toe", "full figure"),
    "medium": ("medium", "medium shot", "mid shot", "waist up", "waist", "cowboy shot", "medium close up"),
    "close": ("close up", "closeup", "close shot", "portrait", "her face", "his face", "the face", "face of",
              "close on", "tight on", "tight", "her eye", "his eye", "tear"),
    "extreme close": ("extreme close up", "extreme closeup", "macro", "detail of the eye"),
}  # fmt: skip
ANGLES = {
    "low": ("low angle", "from below", "looking up", "look up at", "worm eye", "towering"),
    "high": ("high angle", "from above", "overhead", "bird eye", "top down", "aerial", "looking down"),
}
POSES = {
    "walk": ("walk", "stroll", "wander", "step", "cross", "march", "approach", "leave", "pace", "roam", "follow"),
    "run": ("run", "sprint", "chase", "escape", "flee", "race", "rush", "jog"),
    "sit": ("sit", "seated", "crouch", "kneel", "rest", "bench", "slump"),
    "dance": ("dance", "spin", "twirl", "sway", "move to the music", "jump", "leap", "celebrate"),
    "sing": ("sing", "vocal", "perform", "microphone", "scream", "shout"),
    "play": ("guitar", "guitarist", "bass", "strum", "play guitar", "musician play"),
    "reach": ("reach", "arms raised", "raise", "open arms", "arms wide", "arms open", "worship", "embrace", "stretch"),
}
FACINGS = {
    "back": ("from behind", "back to us", "back to camera", "walk away", "away from", "toward the horizon",
             "towards the horizon", "into the distance", "facing away", "look out", "looks over", "overlook",
             "reach the rooftop", "stare at the", "watch the", "gaze at the", "look at the", "look over", "back view",
             "turn away", "look toward"),
    "side": ("profile", "side view", "from the side", "pass by", "walks past", "past", "along"),
    "front": ("toward the camera", "towards the camera", "facing camera", "front view", "to camera", "to the camera",
              "face us", "look into the lens"),
}  # fmt: skip
MOVES = {
    "push": ("push in", "push", "dolly in", "closer", "move in", "creep in", "close in", "track in", "pushing in",
             "dolly forward", "forward", "inward", "glides in", "drift in", "move closer"),
    "pull": ("pull back", "pull out", "dolly out", "pull away", "move back", "widen", "retreat", "reveal",
             "pulls back", "back away", "backward", "drift back", "recede"),
    "zoom": ("zoom in", "zoom", "crash zoom", "snap zoom"),
    "unzoom": ("zoom out", "zoom back"),
    "dolly zoom": ("dolly zoom", "vertigo", "vertigo effect", "trombone shot", "zolly", "contra zoom"),
    "pan": ("pan", "swing", "sweep", "turn"),
    "whip": ("whip", "whip pan", "swish pan", "snap pan", "flash pan"),
    "tilt": ("tilt", "look up", "look down"),
    "truck": ("truck", "track", "tracking", "slide", "follow", "dolly", "lateral", "sideways", "alongside", "past",
              "drift", "glide", "float", "move", "crab", "travel"),
    "orbit": ("orbit", "arc", "circle", "circle around", "revolve", "around"),
    "crane": ("crane", "rise", "rising", "boom", "lift", "pedestal", "ascend", "descend", "jib", "drone", "lower"),
    "handheld": ("handheld", "hand held", "shaky", "shake", "nervous", "restless", "jitter", "unsteady"),
    "locked": ("locked", "lock off", "static", "still", "tripod", "motionless", "fixed", "hold", "held", "stationary"),
}  # fmt: skip
WAYS = {
    "left": ("left",),
    "right": ("right",),
    "up": ("up", "upward", "rise", "ascend", "lift"),
    "down": ("down", "downward", "descend", "lower", "fall"),
    "slow": ("slow", "gentle", "soft", "subtle", "barely", "calm", "restrained", "creep", "drift", "smooth"),
    "fast": ("fast", "quick", "rapid", "sudden", "whip", "energetic", "swift", "urgent", "dynamic", "frantic", "wild"),
}
TINTED = frozenset(
    ("light", "sky", "glow", "neon", "wall", "haze", "smoke", "lamp", "beam", "sign", "cloud", "dusk", "dawn", "sunset",
     "sunrise", "water", "horizon", "fog", "mist", "spotlight")
)  # fmt: skip
"""What a colour before it colours the whole picture."""
