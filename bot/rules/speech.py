"""Kinds of spoken language as patterns: greeting, advertising, leaning on the other, filling, talking about the talk.

Only patterns live here; what follows from a match, ``wellformed`` and ``summary`` decide. They name kinds of language,
never one show's words. All expect straight quotes, ignore case, and have no unbounded gap: no text can stall them.
"""

from __future__ import annotations

import re


def _any(*alternatives: str) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(alternatives) + ")", re.IGNORECASE)


def _opening(*alternatives: str) -> re.Pattern[str]:
    """For ``match``: what a line begins with, after an opening quote or bracket."""
    return re.compile(r"[\"'(]{0,2}(?:" + "|".join(alternatives) + ")", re.IGNORECASE)


# --- greetings, good-byes, and asking the audience for something ---------------------------------------------------

GREETING = _any(
    # opening the show and naming who is there
    r"(?<!you're )(?<!always )(?<!are )(?<!be )welcome (?:back|everyone|everybody|all|aboard)\b",
    r"(?:^|[,.!?] |(?:and|so|hello|hi|hey|everybody|everyone|okay),? )welcome,? (?:\w+[ ,]+){0,4}?(?:to|on) ",
    r"today,? (?:we're|we are|we'll|we have|we've got|i'm) (?:\w+ ){0,2}?(?:talking|discussing|going|diving|joined)\b",
    r"(?:happy|glad|excited|pleased|honou?red|delighted|thrilled|great|good|nice|cool|awesome|fun|lovely|pleasure) "
    r"to (?:be (?:here|back|on)|have (?:you|him|her|them)|(?:see|meet) you|(?:talk|chat) (?:to|with) you)\b",
    r"(?:i'm|i am|we're|we are) (?:\w+ ){0,2}joined (?:\w+ ){0,2}(?:by|today|here)\b",
    r"with (?:me|us) (?:today|here|as always|as usual|is|are|this week)\b",
    r"my name(?:'s| is)\b",
    r"(?:i'm|i am|i'll be) your host\b",
    r"my (?:\w+ )?co-?hosts?\b",
    r"you(?:'re| are) listening to (?:the|this|our|another|an episode)\b",
    r"(?:this is|here on|here at) [^.?!]{1,40}\b(?:the|a|your) (?:\w+ ){0,2}(?:podcast|show)\b",
    r"(?:another|today's|this week's) (?:\w+ ){0,3}(?:episode|edition|instal+ment) of\b",
    # small talk
    r"how(?:'s| is| are| have) (?:it going|things|everyone|everybody|you(?: all| guys| both| been| doing)?)"
    r"(?:[, ]+(?:doing|today|going)?[^?]{0,25})?\?",
    r"how(?:'re)? (?:you|ya) (?:doing|been)\b",
    r"(?:doing|i'm|i am|am) (?:\w+ ){0,2}(?:good|well|great|fine|okay),? (?:thanks?|thank you|how)\b",
    r"good (?:morning|afternoon|evening),",
    r"happy (?:new year|holidays|birthday|thanksgiving|friday|monday)\b",
    r"(?:hi|hello|hey|howdy|what's up|hiya)[ ,]+(?:everyone|everybody|folks|there|all|listeners|friends|guys)\b",
    r"(?:quick|some|do|with) introductions?\b|introduc(?:e|ing) (?:you to )?(?:our|my|today's) (?:\w+ )?guests?\b",
    r"(?:i'd|i would|we'd|let me|want) (?:like )?(?:to )?introduce (?:you to )?[A-Z]",
    r"this is (?:episode|your host)\b|we(?:'re| are) here (?:today )?(?:to talk|with|at)\b",
    # thanks
    r"(?:thanks?|thank you)(?: (?:you|so|very|again|much|a lot|a ton|guys|all|both|everyone)){0,4} for (?:\w+ )?"
    r"(?:having|coming|joining|being|listening|tuning|your time|the (?:invite|invitation|time)|taking|inviting"
    r"|hanging|watching|stopping|dropping|sharing|doing this)\b",
    r"(?:thank you|thanks) (?:so much|again) (?:again|for your)\b|looking forward to (?:a |the )?next\b",
    r"thank you (?:so|very) much\b",
    r"(?:thank you|thanks)(?: so much| again| very much)?,? (?:everyone|everybody|all|guys|both)\b",
    r"(?:it's|it has|this has|that was|been) (?:\w+ )?(?:an?|my|our|such an?) (?:\w+ )?"
    r"(?:pleasure|honou?r|delight|blast|treat)\b",
    r"pleasure (?:to|having|talking|chatting|speaking|being|was)\b",
    r"(?:happy|glad|great) (?:that )?you (?:joined|could join|came on|are here)\b",
    r"really appreciate (?:you|your time|it|having)\b",
    r"appreciate (?:you (?:coming|joining|having|taking)|your time)\b",
    # good-byes
    r"(?:see|catch|talk to|speak to) (?:you|ya|y'all|everyone|everybody)(?: all| guys){0,2} "
    r"(?:next|later|soon|then|tomorrow|again|on|in)\b",
    r"(?:until|till|'til) (?:the )?next (?:time|week|episode|one)\b",
    r"(?:tune in|join us|come back|we'll be back|back here|be back)(?: \w+){0,2} (?:next|again|soon|tomorrow|for)\b",
    r"good ?bye(?! to)|bye[ -]bye|bye,|bye for now|take care(?! of)|cheers,|signing off|peace out",
    r"(?:that's|that is) (?:it|all|our show|the show)(?: we(?:'ve)? (?:have|got))?(?: \w+)? (?:for|on|from) "
    r"(?:today|this|now|us|me|the (?:show|episode|week))",
    r"(?:that's|it's|we'll call it) a (?:show|wrap)\b",
    r"(?:have|enjoy) (?:a|an|your|the rest of your) (?:\w+ )?(?:day|week|weekend|evening|night|holiday)\b",
    r"rest of (?:your|their) day\b",
    r"all (?:we're|we are) going to have time for\b",
    r"(?:all|out of) (?:the )?time (?:we have|for today)\b",
    r"(?:hope|hoping) (?:that )?you(?:'ve)? (?:all )?(?:enjoyed|liked|like|enjoy|found)\b",
    # asking the audience for something
    r"ratings? (?:and|or|&) reviews?\b|rate (?:and|&) (?:review|subscribe)\b",
    r"(?:leave|write|give) (?:us |me |the show )?an? (?:\w+[ -]){0,2}(?:review|rating)\b",
    r"(?:like|subscribe|share|follow),? (?:and|&) (?:subscribe|share|review|like|comment)\b",
    r"subscribe (?:to (?:our|us|this|my|the (?:\w+ )?(?:show|podcast|channel|newsletter|feed))|on|today|now)\b",
    r"wherever you (?:listen|get|find|enjoy|subscribe)",
    r"your (?:favou?rite )?podcast (?:app|player|client|platform)",
    r"(?:find|follow|reach|tweet|email|ping|contact)(?: (?:me|us|him|her|them|out|up|to|at)){1,3} "
    r"(?:on|at|over|in|@|via)\b",
    r"(?:find|follow) (?:more|you|me|us) (?:\w+ ){0,3}(?:on|at) (?:twitter|the internet|github|linkedin|our|the web)\b",
    r"(?:show|episode) ?notes\b",
    r"for (?:extras|more episodes)\b",
    r"(?:love|like|happy) to hear (?:from|back from|your|what you)\b|your feedback\b",
    r"helps? (?:us |the show |other people )(?:\w+ )?(?:reach|find|discover|grow|out)\b",
    r"join (?:us|me|our) (?:\w+ ){0,2}(?:slack|discord|community|channel|live|newsletter)\b",
)

# --- advertising ---------------------------------------------------------------------------------------------------

#: Somebody pays, or the speaker sells something of their own.
AD_ANNOUNCED = _any(
    r"brought to you (?:\w+ ){0,2}by\b",
    r"(?<!was )(?<!were )(?<!been )sponsored (?:\w+ ){0,2}by\b",
    r"(?:episode|show|podcast|we're|we are)(?: is| are)?(?: also)? (?:made possible|powered|presented|supported) by\b",
    r"(?:our|these|today's|this week's|longtime|long-time|awesome|fantastic|amazing|great|wonderful) "
    r"(?:\w+ ){0,3}(?:sponsors?|advertisers?)\b",
    r"(?:from|by|for|to|of) (?:our|a|one of our|some of our|two of our) (?:\w+ ){0,2}sponsors?\b",
    r"(?:for|are|now|they're|also|here) sponsor(?:ing|s of)\b",
    r"sponsor(?:s|ed|ing) (?:this|today|today's) (?:\w+ )?(?:episode|show|podcast|today)\b",
    r"(?:is|are|as) (?:one of our|our) (?:\w+ )?sponsors?\b",
    r"sponsored (?:today|news|this week)\b",
    r"(?:thanks|thank you)(?: \w+){1,6}? (?:for )?(?:sponsor|support)(?:ing|s)\b",
    r"(?:support for|sponsors? of) (?:this|the|today's|our) (?:show|podcast|episode)\b",
    r"our (?:good )?(?:friends|partners) (?:over )?(?:at|from) \w",
    r"shameless(?:ly)? plug",
)
#: A price, a code, a trial, a ticket.
AD_OFFER = _any(
    r"(?:promo|coupon|discount|referral|checkout|voucher) codes?\b",
    r"(?:use|using|enter|with|apply) (?:the |our |my )?coupon\b",
    r"(?:use|using|enter|apply) (?:the |our |my )?(?:offer )?code (?!to\b|that\b|from\b|in\b|and\b|you\b|we\b|review)",
    r"created? (?:a|you a) (?:\w+ )?code (?:\S+ ){0,3}for (?:people|listeners|you|our)\b",
    r"\d+ ?(?:%|percent) (?:off|discount)(?:[.,!]|(?: \w+){0,2} (?:your|of|any|all|on|for|at|with|when|if)\b)",
    r"\d+[ -](?:days?|months?|weeks?)(?: \w+){0,2} (?:free|trial)\b",
    r"(?:one|two|three|six|first) (?:months?|weeks?|years?)(?: \w+){0,3} (?:for free|free of)\b",
    r"free \d+[ -]day\b|(?:your|day) free trial\b|(?:unrestricted|extended) (?:free )?trial\b",
    r"\d+ (?:\w+ )?(?:in |of )(?:free |hosting |platform )?credits?\b|money[ -]back guarantee|no credit card\b",
    r"(?:sign up|get started|try (?:it|them)(?: out)?) (?:\w+ )?(?:today|now|for free)(?: at\b| on\b|[.!]?$)",
    r"(?:use|using|click) (?:the|our|my) (?:\w+ )?(?:affiliate |referral )?link (?:in|below)\b",
    r"(?:get|grab|save) (?:\w+ ){0,2}(?:\d+|ten|twenty|fifty) ?(?:%|percent|dollars|bucks)",
    r"(?:buy|get|grab|pick up) your tickets?\b|tickets? (?:are|is) (?:on sale|available)\b",
)
_ADDRESS = (
    r"(?:\w ?(?:\.|dot) ?(?:com|net|org|io|dev|ai|fm|co|app|sh|so|tv|me|ly|gg|xyz|cloud|engineer|space|agency)\b"
    r"|\bcomm?\b)"
)
#: An address that one is told to go to, or one read out with its path.
AD_ADDRESS = re.compile(
    r"\b(?:head|go|going|come|check|visit|learn|sign|find|try|more|them|it|us|out|available)\b[^?!]{0,60}?"
    rf"{_ADDRESS}|{_ADDRESS}[ ,./]{{0,3}}(?:forward |for |four |back)?(?:slash\b|/\w)"
    r"|\b(?:head|go) (?:on )?over to\b|\bcheck (?:it|them|us) out (?:at|on|over)\b",
    re.IGNORECASE,
)
#: Words to the listener, without which an address is only a report.
IMPERATIVE = re.compile(
    r"(?:^|[.,;:!?]\s|\b(?:so|and|then|just|please|again|can|should|could|to|definitely)\s)"
    r"(?:you |always |also |go |just ){0,2}(?:head|go to|check|visit|sign up|learn more|find|try|see|get)\b",
    re.IGNORECASE,
)
#: Every line that advertises has one of these, so that most lines are let through at once. For text in lower case:
#: that is four times as fast as a pattern that looks at both.
AD_HINT = re.compile(
    r"brought to|possible by|powered by|presented by|supported by|supporting|supports|support for|sponsor|advertis"
    r"|friends |partners|shameless|code|coupon|discount|%|percent|free|trial|credit|money[ -]back|sign up|get started"
    r"|try (?:it|them)|link (?:in|below)|(?:get|grab|save) |ticket|head |over to|check |slash|" + _ADDRESS
)
#: From one thing to the next; after an ad, back to the matter.
LEADS_ON = _any(
    r"(?:let's|we'll|let us) (?:\w+ ){0,2}(?:get|dive|jump|go|move|head|start|kick|hop)(?: \w+)? "
    r"(?:in|into|back|ahead|on|off)\b",
    r"back to (?:the|our|this|today's) (?:\w+ )?(?:show|episode|conversation|interview)\b",
    r"without further ado|moving on|next up|next question|anyways?,",
    r"next(?: one| thing| topic)?(?: step)?(?:,? we(?:'ve got| have)|(?<!step) is|(?<!step)'s)\b",
    r"the (?:first|second|third|next|last|other|final) (?:one|topic|question|item)(?: here| on)?,? "
    r"(?:is|was|we have|we've got|i have)\b",
)

# --- sentences that do not stand alone -------------------------------------------------------------------------------

#: An answer, an interjection, or the second half of somebody's thought.
LEANS = _opening(
    r"(?:and|or|nor|which|because|'?cause|cuz|than|whereas|like|plus|um+|uh+|erm?|hm+|mm+|oh|ah|yeah|yep|yup|nah|nope"
    r"|okay|ok|alright|totally|exactly|absolutely|anyways?|gotcha|wow|haha|et cetera)\b(?! as\b)",
    r"(?:(?:so|now|but|okay|alright)[, ]+)?let(?:'s| me| us)\b",
    r"(?:yes|no|right|well|sure|cool|great|nice|awesome|fantastic|perfect|true|correct|sorry|then)[,.!?…]",
    r"(?:all right|of course|i mean|you know|i guess|so yeah|so like|so,? so|so okay|so and|so um|so uh|but yeah"
    r"|but like|but,? but|yes,? |then (?:the|you|i|we|they|it))\b",
)
#: A question that only the other speaker can answer.
TO_THE_OTHER = _opening(
    r"(?:(?:so|and|but|now|well|okay|yeah|then|or|like|also|i'm curious|i guess)[, ]+){0,3}"
    r"(?:who|what|which|when|where|why|how|is|are|was|were|do|does|did|have|has|can|could|would|will|should|any|am"
    r"|don't|didn't|aren't|isn't|haven't|wouldn't|what's|how's|where's|who's)\b[^?]{0,60}?"
    r"\b(?:you|your|you've|you're|i|we|us|me)\b"
)
#: A last word after which something must come.
ENDS_OPEN = re.compile(
    r"\b(?:an?|the|and|or|but|because|if|my|your|our|their|every|very|whether|than|is like)[.!?]$", re.IGNORECASE
)
UNHEARD = re.compile(
    r"[\[(]\s?(?:unintelligible|inaudible|unclear|cross-?talk|indistinct|foreign|\?)|\?\?+|_{3,}", re.IGNORECASE
)
FILLER = _any(
    r"um+\b|uh+\b|erm?\b|you know\b|i mean\b|sort of\b|kind of\b|or whatever\b|and stuff\b|like,|yeah\b|right\?|okay\b",
    r"(?:was|were|is|are|be|it's|that's|just|and|so|but|i'm|you're|they're|to|of|a|the|that) like\b",
    r"basically\b|literally\b|whatnot\b|et cetera\b|blah\b",
)
#: The same one or two words twice; both are bounded because a "word" can be megabytes long.
STUTTER = re.compile(r"\b(\w{1,20}(?:'\w{1,3})?)(?:,? | - )\1\b|\b(\w{1,20} \w{1,20}),? \2\b", re.IGNORECASE)

# --- how well a whole sentence reads alone ---------------------------------------------------------------------------

#: It points at something said before.
POINTS_BACK = _opening(
    r"(?:(?:and|but|so|now|also|then|i think|i guess|well)[, ]+){0,3}(?:it|it's|it'll|it'd|that|that's|that'll|this"
    r"|these|those|they|they're|they've|they'll|he|he's|she|she's|him|them|his|her|there|there's|here|here's"
    r"|one of them|both|neither|same|such"
    r"|the (?:other|same|first|second|third|last|latter|next|former)|(?:the |one |an)other "
    r"(?:one|thing|part|reason|big))\b"
)
#: A condition that, without a comma, mostly never comes to its point.
CONDITION = _opening(r"(?:so |but )?(?:if|when|while|once|although|though|since|unless)\b[^,]*$")
SOFT_START = _opening(r"(?:so|but|now|then|also|actually|basically|obviously|honestly|again|first of all)\b")
#: "I went", "we had": a story told rather than a point made.
ANECDOTE = _opening(
    r"(?:(?:and|but|so|now|well|yesterday|once|actually)[, ]+){0,2}(?:i|we)(?:'ve| have|'d| had|'m| am)? (?:was|were"
    r"|had|have|got|did|went|saw|bought|used|thought|worked|remember|never|ended|just|personally|talked|recorded|spent)\b"
)
#: Talk about the conversation, the show, the question or the other, instead of the matter.
ABOUT_TALK = _any(
    r"(?:my|next|first|last|another|one|quick|follow-?up|good|great|big|interesting|the|this|that|a) questions?\b",
    r"(?:i|we)(?:'d| would| wanted| want|'m going|'ll|'re going|'re gonna|'m gonna| will| was going| am going| just)? "
    r"(?:to )?(?:just |also |actually |quickly |briefly |maybe )?(?:ask|talk|read|mention|discuss|chat|cover|touch|dive"
    r"|jump|get into|say|move on|elaborate|give you|start with|go through|kick)\b",
    r"let's\b|let me\b|before (?:we|i)\b|i (?:think|feel like) you(?:'ve|'re)?\b",
    r"(?:as|like) (?:i|we|you|he|she) (?:said|mentioned|talked)\b",
    r"you(?:'ve)? (?:\w+ )?(?:mentioned|said|asked|wrote)\b",
    r"tell (?:me|us|people)\b|i don't (?:really )?(?:know|remember)\b|i (?:forget|forgot)\b|i'm not sure\b",
    r"(?:this|that|the|last|next|another|previous|our|today's|an?) (?:\w+ )?"
    r"(?:episodes?|podcast|show|interview|conversation|livestream)\b",
    r"(?:on|in|for|of) (?:the|this|our|my) (?:show|podcast|stream)\b|(?:we|i) have here\b|the audience\b|in the chat\b",
    r"listen(?:ers?|ing)\b|off the top of my head|the drop of a hat|speaking of|moving on|do you mind|resonates?\b",
    r"to (?:start|begin|kick) (?:with|off|us)\b|i'm (?:curious|going to|gonna|happy|excited|glad)\b",
    r"i (?:\w+ )?(?:agree|buy|love|like|appreciate) (?:that|this|it|the (?:way|fact)|your)\b|(?:good|great) point\b",
    r"(?:that|this|it|what) (?:really )?(?:sounds|looks|seems|was|is) (?:like )?(?:really |very |so |super )?"
    r"(?:fun|cool|nice|great|awesome|interesting|fascinating|crazy|funny|wild|neat|good)\b",
)
#: What a point sounds like: it defines, compares, advises or gives a reason.
CLAIMS = _any(
    r"because|so that|therefore|which means|means that|instead of|rather than|whereas|compared|the more|in order to",
    r"the (?:reason|key|problem|point|trick|difference|goal|idea|benefit|downside|advantage|challenge|biggest|best|most"
    r"|main|primary|only)\b",
    r"is (?:a|an|the|about|when|that|not|more)\b|are (?:the|a|not|more)\b|used to\b|tend to\b|if you\b",
    r"you (?:should|need|can|have to|must|want to|don't)\b|should\b|must\b|never\b|always\b|every\b|most\b|without\b",
    r"unless\b|until\b|allows?\b|lets you\b|helps?\b",
)
#: Last words that point away from the line.
ENDS_AWAY = re.compile(
    r"\b(?:that|it|this|them|those|these|there|so|too|as well|do|does|did|not|or something|and stuff)[.!?]$",
    re.IGNORECASE,
)
SOUND_MARK = re.compile(r"[\[(](?:laugh|chuckl|music|applause|crosstalk|sigh|pause)", re.IGNORECASE)
TAG_QUESTION = re.compile(
    r",? (?:right|yeah|you know|okay|no|huh|isn't it|don't you think)\?[\"')]{0,2}$", re.IGNORECASE
)

#: Words that carry no matter of their own; what is left of a line is what it is about.
COMMON_WORDS = frozenset(
    word
    for row in (
        "a about above actually after again against all almost also although always am an and another any anybody",
        "anyone anything are around as at away back basically be because been before being better between big bit both",
        "but by call called came can cannot come comes coming could course day did didn't different do does doesn't",
        "doing don't done down each either else end enough even ever every everybody everyone everything exactly far",
        "feel few find first for from get gets getting give go goes going gonna good got gotta great guess had happen",
        "happened happening has have having he he's hear her here hers herself hey him himself his hope how however i",
        "i'd i'll i'm i've idea if in interesting into is isn't it it'd it'll it's its itself just keep kind knew know",
        "known last least let let's like likely little ll long look looking looks lot lots made make makes making many",
        "may maybe me mean means might mine more most much must my myself need never new next no nobody none nor not",
        "nothing now of off often oh ok okay old on once one ones only or other others our ours out over own part",
        "people perhaps person piece place point pretty probably put quite rather re really right said same saw say",
        "saying says second see seem seems seen sense set she should show side since so some somebody someone",
        "something sometimes somewhere sort start started still stuff such super sure take taking talk talked talking",
        "tell than thank thanks that that's the their theirs them themselves then there there's these they they'll",
        "they're they've thing things think thinking third this those though thought three through time times to today",
        "together told too took totally toward tried try trying two under until up upon us use used using usually ve",
        "very wanna want wanted wants was wasn't way ways we we'd we'll we're we've week well went were weren't what",
        "what's whatever when where whether which while who who's whole whom whose why will with within without won't",
        "word words work working works would wouldn't wow yeah year years yep yes yet you you'd you'll you're you've",
        "your yours yourself um uh huh hmm cool nice awesome guys folks ah oops y'all sorry please literally",
        "definitely absolutely able already anyway couldn't shouldn't haven't hasn't aren't can't yourselves else's",
    )
    for word in row.split()
)
