"""The words that providers make names of, by what they tell. English, lower case, each a whole word of a name."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Beside a word that tells, these tell nothing.
PLAIN = _words("the your a user main input inputs video videos output generation generated target tgt")

# What a name ends with when it is of a text, whatever stands before: a prompt of a video is no video.
SAID = _words("prompt prompts text caption description")
TEXTS = _words("text caption description instruction instructions query")
STORIES = _words("content story idea concept scene")
# What a text may be of and still say what the video shows.
OF_A_TEXT = _words("guide edit editing scene animation motion visual content image shot")
UNWANTED = _words("negative neg undesired unwanted unconditional uncond anti nprompt ng avoid exclude excluded")
# A prompt of these is the one of the whole video, beside those of its parts.
OF_THE_WHOLE = _words("main base global overall general")
# A prompt of the first describes a video that is given, beside a prompt of the second.
OF_WHAT_IS_THERE = _words("video videos input source src original")
OF_WHAT_COMES = _words("target targets tgt edit edited editing new")
# Prompts of these are not of what a video shows.
OF_NO_VIDEO = _words("system template prefix suffix preset enhance enhancer id inversion")
ENHANCES = _words(
    "optimizer optimize optimization enhance enhancer enhancement enhanced expand expansion expander extend extension "
    "extender upsample upsampler upsampling rewrite rewriter rewriting improve improver improvement augment refine "
    "refiner refinement magic augmentation augmented polish polishing beautify beautification beautifier enrich "
    "enrichment elaborate elaboration boost assist assistant"
)
# Of these, nothing but a prompt can be meant.
ENHANCES_ONLY_PROMPTS = _words("rewrite rewriter rewriting magic")
SWITCHING = _words("enable enabled use auto do with is on off switch flag should automatic smart llm ai gpt")
SOUND = _words("audio sound sounds")
MAKES_SOUND = _words(
    "generate generation generated gen add include included create make produce render return want native synced sync "
    "synchronized joint has track"
)
PUTS = _words("use with has add include track auto do sync synced synchronized return")
SPOKEN = _words("voice voices speaker speakers tts language avatar")
SEEDED = _words("seed random noise rng value number")
# A number beside a seed that is none.
OF_NO_SEED = _words(
    "strength variation variations weight scale resize width height mode increment increase step steps offset count "
    "sub subseed delta ratio max min range travel audio voice"
)

LENGTH = _words("duration seconds second length secs sec dur len")
MILLISECONDS = _words("ms msec millis milliseconds millisecond")
BESIDE_LENGTH = _words(
    "video clip output target in seconds s sec secs num number of n total generation generated extend extension "
    "extended movie film reel play runtime out dst destination gen desired requested animation final custom time"
)
FRAME_COUNT = _words(
    "num number of nb in duration frames frame count n total video output target length clip generated gen to generate"
)
COUNTS = _words("num number nb count total n length duration")
FRAME_RATE = _words(
    "fps frames frame per second rate framerate video output target export playback save generation num"
)

MANY = _words("num number of n nb count total")
MADE = _words(
    "videos outputs results result samples generations clips video output sample generation variations variation "
    "variants options takes reels movies generating generated "
    "return returned batch gen generate"
)
MADE_BY_PERSONS = _words("videos outputs results samples video output")
MADE_ALONE = _words("n count quantity outputs samples variations variants batch")
BESIDE_MADE = _words("to generate per prompt request size total")

SIZED = _words("size dimensions dimension resolution ratio")
BESIDE_SIZE = _words("px pixels video output target image frame the of desired generated native size")
OF_WHAT_GOES_IN = _words("input source reference lock keep")

IMAGE = _words(
    "image images img imgs pic pics picture pictures photo photos frame frames keyframe still selfie "
    "illustration drawing painting artwork packshot snapshot"
)
FRAME = _words("frame frames keyframe")
VIDEO = _words("video videos clip clips footage movie")
HEARD = _words("audio audios sound sounds voice voices music song speech")
CARRIES = _words(
    "url urls uri uris link links file files path paths data base64 b64 input inputs source src prompt the your a "
    "user base original main list primary upload uploaded content contents bytes binary encoded string raw gcs "
    "from filepath still static origin conditioning cond condition conditional i2v v2v in"
)
ADDRESS = _words("url urls uri uris link links file files path paths filepath")
URL = _words("url uri link")
FORMS = _words("base64 b64 data bytes content")
FIRST = _words("first start starting initial init begin beginning opening head")
LAST = _words("last end ending tail final closing finish finishing stop destination")
REFERS = _words("reference references ref refs")
REFERENCE = REFERS | _words(
    "subject subjects character characters ingredient ingredients identity person people asset assets actor actors "
    "appearance element elements object objects product products concept concepts"
)
# Of these, one that an image shows may be who speaks.
SPEAKERS = _words("subject subjects character characters identity person people actor actors appearance face faces")
# Somebody to be shown, of whom the one image may as well be the first frame.
SOMEBODY = _words("face faces portrait person people human avatar actor actors appearance")
# A video of these is a means where a video is shown, and what is put in where there is no other one.
STEERS = _words("pose control depth canny edge sketch template normal segmentation")
LEADS = _words(
    "driving drive driven guide guidance previous prev edit editing template motion extend existing target init "
    "initial start starting"
)
# Words of a parameter by which a video beside it is there to be followed, not to be shown.
DRIVES = _words("driving pose dwpose skeleton")
# An image or a video of these is a means, not what is shown.
MEANS = _words(
    "mask masks depth pose canny edge control logo watermark background id ids index indexes indices strength scale "
    "weight weights count num number rate per second format size width height interpolation noise quality type mode "
    "position thumbnail return output lora style time seconds skip name guidance resolution fps length "
    "duration normal sketch segmentation trajectory brush region preview cover poster"
)

# What each of a list of images or videos has beside it where they are conditions at points of time, not references.
PLACES = _words("frame frames num index strength weight scale start end time timestamp second seconds")

# Beside a plain list of images, these say that each has its place in the video.
PLACED = _words(
    "transition transitions keyframe keyframes interpolate interpolation index indexes indices timestamps storyboard"
)

# Words of a model's name by which its one image is someone to be shown, not the first frame; the second row says that
# it may be, the third says it of models that are given a video to follow.
MODEL_SHOWS = _words("reference references ref subject character elements ingredients r2v s2v")
MODEL_OF_SOMEBODY = _words(
    "face faces id identity likeness portrait avatar avatars talking talk talker speak sing lipsync person human "
    "photomaker pulid effect effects template templates custom customize customized"
)
MODEL_STYLES = _words("style styles stylize stylized stylization stylizer restyle")
MODEL_FOLLOWS = _words("motion control animate move replace character pose transfer act dance mimic swap")
MODEL_STARTS = _words("i2v img2video image2video img2vid image2vid animate animator")
MODEL_EDITS = _words("v2v upscale upscaler upscaling lipsync edit editing extend restyle retake modify")
# Pairs in the name of a model that is given the first and the last frame.
MODEL_ENDS = tuple(map(_words, ("start end", "first last", "first tail", "head tail", "first end", "start last")))
# A pattern: models that go from one image to the next, of which a list is neither of references nor of a first frame.
MODEL_GOES_BETWEEN = r"frame|transition|interpol|morph|slide|story|start|end\b|t2v|text2v"
# A pattern: models that make what comes between two images.
MODEL_JOINS_TWO = r"interpol|morph|transition|tween"
# Names of a file of which nothing says what it is.
FILES = _words("file media asset url uri link data")
# What a result may be called that is a video, or holds one; and what it is called where it is none.
MADE_MOVING = VIDEO | _words(
    "animation gif output outputs result results url urls uri file files media data asset assets"
)
MADE_STILL = IMAGE - FRAME | HEARD | _words("mesh glb")
