"""The words that providers make names of, by what they tell. English, lower case, each a whole word of a name."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Beside a word that tells, these tell nothing.
PLAIN = _words("the your a user main input inputs video videos output generation generated target")

# What a name ends with when it is of a text, whatever stands before: a prompt of a video is no video.
SAID = _words("prompt prompts text caption description")
TEXTS = _words("text caption description instruction instructions query")
UNWANTED = _words("negative undesired unwanted")
# Prompts of these are not of what a video shows.
OF_NO_VIDEO = _words("system template prefix suffix preset enhance enhancer id")
ENHANCES = _words(
    "optimizer optimize optimization enhance enhancer enhancement enhanced expand expansion expander extend extension "
    "extender upsample upsampler upsampling rewrite rewriter rewriting improve improver improvement augment refine "
    "refiner magic"
)
SWITCHING = _words("enable enabled use auto do with is on switch flag should automatic smart llm")
SOUND = _words("audio sound sounds")
MAKES_SOUND = _words("generate generation generated add include create make native synced synchronized has track")
PUTS = _words("use with has add include track auto do")
SPOKEN = _words("voice voices speaker speakers tts language avatar")
SEEDED = _words("seed random noise rng value number")

LENGTH = _words("duration seconds length secs sec")
BESIDE_LENGTH = _words(
    "video clip output target in seconds s sec num number of n total generation generated extend extension extended"
)
FRAME_COUNT = _words("num number of frames frame count n total video output target length")
COUNTS = _words("num number count total n length")
FRAME_RATE = _words("fps frames frame per second rate framerate video output target export playback save")

MANY = _words("num number of n count total")
MADE = _words("videos outputs results result samples generations clips video output sample generation")
BESIDE_MADE = _words("to generate per prompt request")

SIZED = _words("size dimensions dimension resolution ratio")
BESIDE_SIZE = _words("video output target image frame the of desired generated native size")
OF_WHAT_GOES_IN = _words("input source reference lock keep")

IMAGE = _words("image images img imgs picture pictures photo photos frame frames keyframe still")
FRAME = _words("frame frames keyframe")
VIDEO = _words("video videos clip clips footage movie")
HEARD = _words("audio audios sound sounds voice voices music song speech")
CARRIES = _words(
    "url urls uri uris link file files path data base64 b64 input inputs source src prompt the your a user base "
    "original main list"
)
ADDRESS = _words("url urls uri uris link file files path")
FIRST = _words("first start starting initial init begin beginning opening head")
LAST = _words("last end ending tail final closing finish")
REFERS = _words("reference references ref refs")
REFERENCE = REFERS | _words(
    "subject subjects character characters ingredient ingredients identity person people asset assets actor actors "
    "appearance"
)
LEADS = _words("driving motion extend existing target init initial start starting")
# Words of a parameter by which a video beside it is there to be followed, not to be shown.
DRIVES = _words("driving pose dwpose skeleton")
# An image or a video of these is a means, not what is shown.
MEANS = _words(
    "mask masks depth pose canny edge control logo watermark background id ids index indexes indices strength scale "
    "weight weights count num number rate per second format size width height interpolation noise quality type mode "
    "position thumbnail return output lora style time seconds skip conditioning name guidance resolution fps length "
    "duration normal sketch segmentation trajectory brush region preview cover poster"
)

# What each of a list of images or videos has beside it where they are conditions at points of time, not references.
PLACES = _words("frame frames num index strength weight scale start end time timestamp second seconds")

# Beside a plain list of images, these say that each has its place in the video.
PLACED = _words(
    "transition transitions keyframe keyframes interpolate interpolation index indexes indices timestamps storyboard"
)

# Words of a model's name by which its one image is someone to be shown, not the first frame; the second row says it
# of models that are given a video to follow.
MODEL_SHOWS = _words("reference references ref subject character elements ingredients r2v s2v")
MODEL_FOLLOWS = _words("motion control animate move replace character pose transfer act dance mimic swap")
