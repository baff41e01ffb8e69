import { keyOf } from '../text/forms.js'

const keySet = (words: string) => {
  let keys: ReadonlySet<string> | undefined
  // Keys need the language model, which is loaded on first use.
  return (key: string): boolean => {
    keys ??= new Set(words.trim().split(/\s+/).map(keyOf))
    return keys.has(key)
  }
}

/** Names of the thing asked about as a whole: they narrow nothing down. */
export const isVideoWord = keySet(`video clip film movie recording footage talk lecture presentation documentary speech
  tutorial podcast episode transcript speaker narrator presenter author host voice narration audio`)

/** Words for speaking and asking, which the answer need not repeat. */
export const isSpeechWord =
  keySet(`mention mentioned say said talk talking discuss discussed tell explain explained describe
  described according refer referred speak spoken address bring note state stated claim know question answer
  moment part point find jump skip happen happening occur exactly minute timestamp reference learn understand example`)

/** Words of questions about the whole. */
export const isOverviewWord =
  keySet(`summary summarize summarise summarization overview gist tldr tl dr key main important
  points point moments moment topic topics idea ideas chapter chapters subject subjects theme themes takeaway takeaways highlight
  highlights section sections part parts cover covered covers discuss discussed tell say said explain show shown give list content
  contents brief briefly short shortly quick quickly general sentence sentences recap see learn message story whole entire overall
  describe outline happen happens purpose structure major mainly word words paragraph bullet deal treat central conclusion agenda`)

/** Words of questions about what is seen. */
export const isSightWord =
  keySet(`see seen appear appears visible show shown display displayed picture pictures screen frame frames
  image images scene scenes shot shots detect detected object objects thing things item items recognise recognize look spot spotted
  find found present many number count moment moments contain feature different kind kinds type types camera view
  first last total time times exist identify identified list name`)

/** Words of questions about the kind of place that is shown. */
export const isPlaceWord =
  keySet(`place places location locations setting settings surroundings take takes took taking set film
  filmed shoot shot record recorded indoor indoors outdoor outdoors inside outside day night`)

/** Verbs that ask to go on with what was asked before: "how do you know?", "can you explain?" */
export const isFollowUpVerb = keySet(
  `do can could will would come say tell explain describe clarify know happen mention`,
)

/** Verbs that carry little of what a sentence is about. */
export const isLightVerb =
  keySet(`do make get rid use happen need keep take go come put give call become help work mean let
  want try start begin have be allow cause seem look turn bring occur follow involve include require serve act consist`)

/** Nouns that name the kind of answer rather than its subject. */
export const isKindWord =
  keySet(`kind type sort way thing name reason purpose role effect cause result use advantage benefit
  difference process step method example number amount year date day time month hour place location city country town
  person people temperature height weight length size speed age distance depth price cost color colour job task function
  problem thing material ingredient member piece importance meaning word term fact detail list item goal`)
