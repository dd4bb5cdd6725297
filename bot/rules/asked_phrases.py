"""The phrasings in which people ask, each a pattern over the whole text without politeness. Patterns only: what one
becomes is said in ``bot.rules.asked``, whose readers know the names of the groups."""

# ruff: noqa: E501 - a row of these tables is one pattern
from __future__ import annotations

from bot.rules.asked_parts import NEWEST, NUMBER, STAMP

#: Words that are in no name: the pattern caught a sentence.
NO_NAME = frozenset(
    [
        "i",
        "you",
        "he",
        "she",
        "it",
        "we",
        "they",
        "said",
        "says",
        "say",
        "that",
        "which",
        "when",
        "where",
        "is",
        "was",
        "are",
        "were",
        "the",
        "about",
        "and",
        "not",
        "did",
        "does",
    ]
)
NAME = r"(?P<name>[^\s,:;!?]+(?: [^\s,:;!?]+){0,3}?)"
TOPIC = r"(?P<topic>.+)"
EPISODE = r"(?: (?:of|in|for|from|to|with|during) (?P<episode>.+?))?"
DO = r"(?:did|does|do|has|have|had|was|were|is|are|would)"
SAY = (
    r"(?:say|said|says|saying|think|thinks|thought|talk|talks|talked|talking|speak|spoke|speaks|speaking|tell|told|feel"
    r"|feels|have to say|had to say|got to say|comment|commented|claim|claimed|write|teach|advise|recommend)"
)
MENTION = (
    r"(?:mention|mentions|mentioned|mentioning|discuss|discusses|discussed|discussing|cover|covers|covered|explain"
    r"|explains|explained|describe|describes|described|bring up|brings up|brought up|define|defined|address|addressed)"
)
ON = r"(?:about|on|of|regarding|concerning|around|re)"
SPEAKS = (
    rf"(?:{SAY}(?: (?:us|you|me|people|everyone))?(?: (?:anything|something|much|more|a lot|things))? {ON}|{MENTION})"
)
VIEW = (
    r"(?:take|opinion|opinions|view|views|thought|thoughts|stance|position|advice|comment|comments|quote|quotes|words|lines"
    r"|point|argument|idea|ideas|definition)"
)
BIT = (
    r"(?:bit|one|part|section|segment|moment|place|point|passage|clip|line|lines|quote|quotes|story|sentence|sentences|thing"
    r"|words|discussion|anything|something|everything)"
)
THEY = r"(?:they|he|she|we|you|people|anyone|anybody|someone|somebody|it|the (?:guests?|hosts?|speakers?)|everyone)"

HELP = (
    r"(?:get |need |some )*help(?: me)?|how to ask|usage|instructions|manual",
    r"(?:the |your |list |all |available |what |which |are there )*commands(?: (?:are |do you )?(?:there|have|here|known|know))?",
    r"how (?:to|do i|can i|do you|should i) (?:use|ask|search|find|quote|look|work|start|begin)(?: (?:this|it|you|pullquote|for|something|things|a quote|quotes|lines|here|up))*|what is this",
    r"(?:what|which|how) (?:can|do|could|should|else can) (?:you|i|we) (?:do|ask|say|type|use|help|offer)"
    r"(?: (?:here|this|it|you|me|with|for|about|to|the bot|this bot|pullquote))*",
    r"how (?:do|does|can|should) (?:i|we|you|one|this|it|that|the bot|this bot|pullquote)(?: (?:use|work|ask|talk|to|this"
    r"|it|you|with|the|bot|pullquote|something|a question))*",
)
ABOUT = (
    r"(?:who|what)(?: the hell)? (?:are|r) (?:you|u)|who (?:made|built|wrote|runs|hosts) (?:you|this|this bot|pullquote)|(?:what|who) is (?:this bot|pullquote)",
    r"(?:about|introduce) (?:you|yourself|this bot|pullquote)",
)
PRIVACY = (
    r"(?:your )?privacy(?: policy| notice| statement)?|(?:what|which)(?: data)? do you (?:store|know|keep|collect|remember"
    r"|save|log)(?: (?:about|of|on) (?:me|us|users?|members?))?",
)
SHOWS = (
    r"(?:what|which) (?:shows?|podcasts?)(?: (?:is|are) (?:this|it|here|there|available|known|in here|on here))?",
    r"(?:what|which) (?:shows?|podcasts?) (?:do|can) (?:you|we|i) (?:have|know|follow|cover|search|index|quote|ask about)",
    r"(?:list |all |the |your |our |available )*(?:shows|podcasts)(?: list)?|what is (?:in )?here|who speaks(?: here)?",
)
SAVED = (
    r"(?:list |the |all |see |of )*(?:my |our |saved |kept )+quotes|(?:list )?quotes|(?:what|which) quotes .{0,20}saved",
)
SAVE = (
    rf"save(?: (?:this|that|the|a))?(?: (?:line|quote))? ?: ?{TOPIC}",
    r"save (?P<topic>[\"“].+[\"”])",
    rf"save (?:this|that|the) (?:line|quote)(?: that)? {TOPIC}",
)
EPISODES = (
    r"(?:(?:what|whats|anything|is anything|any|is there anything|something) (?:is |are |was )?)(?:new|news|recent)"
    r"(?: (?:here|today|this week|lately|episodes?|out))*(?: (?:on|in|from|with|at) (?P<show>.+))?",
    r"(?:what |which |how many |list |all |the |any |of |my |recent |latest |newest |new |last |are there )*(?:episodes|eps)"
    r"(?: (?:are |is |do you )?(?:there|here|have|available|out))?(?: (?:of|from|for|in|on) (?P<show>.+))?",
    r"(?:episode|episodes) list(?: (?:of|from|for) (?P<show>.+))?|news",
)
LATEST = (
    r"(?:the |your |our )*(?:latest|newest|most recent)",
    r"what (?:is|was) (?:the |your )?(?:latest|newest|most recent|last|new)(?: (?:episode|ep|one|show))?"
    r"(?: (?:of|from|on) (?P<show>.+?))?(?: (?:all )?about)?",
)
ABOUT_EPISODE = (
    r"(?:the |a |an |short |quick |brief )*(?:summary|summari[sz]e|summaries|recap|overview|tl;?dr|description|details|info"
    r"|information|notes|show notes|gist|guests?|hosts?|speakers?|link|links|date|length|transcript|page)"
    r"(?: (?:of|for|on|about|to|in))? (?P<episode>.+)",
    r"(?:what (?:is|was|were|are)|more about|about|all about|(?:more )?(?:info|information) (?:on|about)) (?P<episode>.+?)"
    r"(?: (?:all )?about)?",
    r"who (?:is|was|are|were|speaks|speak|appears|talks)(?: the)?(?: (?:guests?|hosts?|speakers?|people|speaking|talking))?"
    r" ?(?:in|on|of|from)? (?P<episode>.+)",
    r"when (?:did|does|was|is|will) (?P<episode>.+?) (?:come out|air|drop|released|published|out|posted)",
    r"how long (?:is|was) (?P<episode>.+)",
    r"where (?:can|do) i (?:listen to|hear|watch|find|get|see) (?P<episode>.+)",
    r"(?:listen to|play|open|watch|go to|see|start|hear) (?P<episode>.+)",
    r"(?P<episode>.+)",
)
NAMED_EPISODE = (
    r"(?:the )?(?:episode|ep) (?P<episode>(?:about|with|on|where|featuring|called|titled|named|from|of) .+)",
    r"(?:is there |was there |do you have |which (?:is )?|what (?:is )?)*(?:an |the |any )?(?:episodes?) (?:about|with|on"
    r"|featuring) (?P<episode>.+)",
)
LIST = (
    r"(?:chapters|table of contents|contents|toc|time ?stamps|time ?codes|chapter (?:list|marks|markers)|list of chapters"
    r"|outline|agenda|sections|topics)"
)
CHAPTERS = (
    rf"(?:list |all |the |see |what are |which are |how many |what |which |are there |of |any )*{LIST}"
    rf"(?: (?:are there|are here|exist|are there here|do you have))?{EPISODE}",
    rf"(?:how many|what|which) {LIST} (?:does|do|did|has|have|are in|are there in|were in|in) (?P<episode>.+?)(?: (?:have|has))?",
    rf"(?:the )?(?P<episode>{NEWEST})(?: episode| ep| one)?(?:'s)? {LIST}",
    rf"{LIST} (?P<episode>(?:the )?(?:latest|newest)(?: episode)?|(?:episode |ep )?#?\d{{1,5}}|https?://\S+)",
    r"what (?:topics|subjects|things|else) (?:are|were|do they|did they|was|is) (?:covered|discussed|talked about|cover"
    rf"|discuss|talk about){EPISODE}",
    rf"what (?:do|did|are|were|is|was) {THEY} (?:talk|talking|talked|discuss|discussing|cover|covering)(?: about)?"
    r" (?:in|on|during) (?P<episode>.+)",
    r"what (?:is|was) (?:covered|discussed|talked about|in) (?:in |during )?(?P<episode>(?:the|this|that|episode) .+)",
)
GO = (
    r"(?:is there |was there |do you have |which is |what is |what |which |where is |go to |jump to |skip to |open |read |see "
    r"|link to |in )*(?:the |a |an |any |some )?"
)
GIST = r"(?:(?:a |the |quick |short )*(?:summary|summari[sz]e|recap|overview|gist|key lines|highlights)(?: (?:of|for|from))? )"
CHAPTER = (
    rf"{GIST}(?:the )?chapter (?:number |no\.? ?)?(?P<n>{NUMBER}){EPISODE}",
    rf"{GIST}(?:the )?(?P<n>{NUMBER}) chapter{EPISODE}",
    rf"(?:what|who) (?:is|was)(?: in| said in)? (?:the )?chapter (?:number )?(?P<n>{NUMBER}){EPISODE}(?: about)?",
    rf"(?:what|who) (?:is|was)(?: in| said in)? (?:the )?(?P<n>{NUMBER}) chapter{EPISODE}(?: about)?",
    rf"chapter (?P<n>{NUMBER}) (?:summary|recap|overview|please)(?P<episode>)",
    rf"{GO}(?P<n>{NUMBER}) chapter{EPISODE}",
    rf"{GO}chapter (?:number |no\.? ?)?(?P<n>{NUMBER}){EPISODE}",
    rf"{GO}chapters? (?:is |was |are |were )?(?:at|around) (?P<topic>{STAMP}.*)",
    rf"{GO}chapters? (?:is |was |are |were |that is |that's )*(?:on|about|regarding|concerning|covering|discussing|called"
    rf"|titled|named|around|mentioning|explaining|re:?|:) ?{TOPIC}",
    rf"{GO}chapters? (?:for|with) (?P<topic>(?!the |this |that |episode |ep |latest|#).+)",
    rf"{GO}chapters? (?:in which|where|when|that|which)? ?(?:they |he |she |we |{THEY} )?(?:{SAY} {ON}|{MENTION}|deals?"
    rf" with|is about|has|contains|goes into) {TOPIC}",
    r"(?:go to |jump to |open |where is |read |see |what is |what was |in |about )*(?:the )(?P<topic>(?!next|previous|prior|other|same|whole|new|chapter)"
    r"[^\s.,;:!?]+(?: [^\s.,;:!?]+){0,5}?) chapter(?: (?:in|of|from) (?P<episode>.+?))?(?: about)?",
    r"(?P<topic>(?!a |an |the |this |that |next |previous |new |every |each |my |our |your |another |i |we |it )"
    r"[^\s.,;:!?]+(?: [^\s.,;:!?]+){0,4}?) chapter",
)
MOMENT = (
    rf"(?:(?:what|who|which)\b[^?:]{{0,40}} |(?:go|jump|skip|start)(?: ahead| forward)? (?:to )?|listen |play |quote |the line |line"
    rf" |words )?(?:at |around |about |from |@ ?)?(?:(?P<stamp>{STAMP})|(?:minute|min) (?P<minute>\d{{1,3}}))"
    rf"(?: (?:mark|minutes?|into|in))?{EPISODE}",
)
WHO_SAID = (
    rf"(?:who|whom|which (?:guest|speaker|person|host|one))(?: (?:was|is) it(?: (?:that|who))?| was| is| has| had| ever| first| the one"
    rf"(?: (?:that|who))?)* (?:said|says|saying|say|told|asked|claimed|coined|quoted|wrote|thinks|thought|argued|suggested"
    rf"|came up with|mentioned|mentions|talked about|talks about|talking about|spoke about|discussed|discusses|brought up)"
    rf"(?: (?:the (?:words?|line|phrase|quote)|something like|something about|anything about|about|that|us|them))?[ :,]+{TOPIC}",
    rf"(?:where|when|in which episode|which episode|what episode)(?: (?:was|is|does|did|do|has|have|were))?(?: {THEY})? (?:ever )?"
    rf"(?:{SPEAKS}|say|said|says|heard?)(?: (?:that|the words?|the line|something like))?[ :,]+{TOPIC}",
)
BITS = (
    rf"(?:where (?:is|was) |what (?:is|was) |is there |are there |was there |find )*(?:a |an |the |that |this |any |some |all )*{BIT}"
    rf" (?:about|on|regarding|concerning|mentioning|discussing|covering) {TOPIC}",
    rf"(?:where (?:is|was) |what (?:is|was) |is there |are there )*(?:a |an |the |that |this |any |some )*{BIT} (?:where|when|in which|that"
    rf"|with)(?: {THEY})?(?: (?:was|were|is|are))? (?:{SPEAKS}|say|says|said|saying)(?: (?:that|something like))?[ :,]+{TOPIC}",
    rf"(?:what|where|when) {DO}(?: {THEY})?(?: ever| also)? {SPEAKS} {TOPIC}",
    rf"what (?:was|is|has been|were)(?: ever)? (?:said|mentioned|discussed|told|talked)(?: {ON})? {TOPIC}",
    rf"(?:did|does|do|has|have) {THEY} (?:ever |also )?{SPEAKS} {TOPIC}",
)
SPEAKER = (
    rf"(?:where|when|at what (?:time|point)|in (?:which|what) episode|why) (?:did|does|has) {NAME} (?:ever |also |actually |first )*(?:say|said|says|mention|mentioned)(?: that| something like)?[ :,]+{TOPIC}",
    rf"(?:what|where|when|how|why|how often|what else|what exactly) {DO} {NAME} (?:ever |also |actually |really |just |have to )*{SPEAKS} {TOPIC}",
    rf"(?:did|does|has|have) {NAME} (?:ever |also |actually |really )*{SPEAKS} {TOPIC}",
    rf"(?:what|which) (?:is|was|are|were) {NAME}'s? {VIEW} {ON} {TOPIC}",
    rf"(?:what|everything|anything|something|where|when|the part where|the bit where) {NAME} {SPEAKS} {TOPIC}",
    rf"what {DO} {NAME} (?:say|think|talk about|have to say)",
    rf"according to {NAME}[,:] ?{TOPIC}",
)
SOMEBODY = (
    rf"(?:a |an |the |some |any |is there |are there |do you have )*(?:{VIEW}|{BIT}) (?:by|from|of) {NAME} {ON} {TOPIC}",
    rf"(?:where|when|the (?:part|bit|time|episode) (?:where|when)|that time|what about)? ?{NAME} (?:{SPEAKS}|said|says|saying)(?: that)?[ :,]+{TOPIC}",
    rf"(?:the )?{NAME}'s? {VIEW} {ON} {TOPIC}",
    rf"(?:a |an |the |some |any |random |famous |best |good )*{BIT} (?:by|from|of) {NAME} (?:about|on|regarding) {TOPIC}",
    rf"(?:a |an |the |some |any |random |famous |best |good )*{BIT} {NAME} (?:said|says|made|gave) (?:about|on) {TOPIC}",
    rf"{NAME} (?:on|about|regarding|re) {TOPIC}",
    rf"{NAME} ?[:–—-] {TOPIC}",
)
ANY_LINE = (
    r"(?:a |any |some |another |one |me )*(?:random |good |nice |great |fun |funny |interesting )*(?:quote|line)|random|surprise me|any",
)
ANY_OF = (
    r"(?:a |an |any |some |another |one |random |good |nice |great |best )*(?:quotes?|lines?|something|words|from) (?:by|from|of|in) (?P<name>.+)",
)
