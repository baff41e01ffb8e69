/** Kinds of messages that ask nothing. */
export type Smalltalk = 'greeting' | 'thanks' | 'farewell' | 'assent' | 'identity' | 'help' | 'nothing'

/** Phrases that make up a whole message; of several kinds, the first in this order counts. */
const PHRASES: readonly (readonly [Smalltalk, string])[] = [
  ['help', 'what can you do|what can i ask( you)?|how does this work|how do you work|help( me)?( please)?'],
  [
    'identity',
    '(who|what) are you|what is your name|whats your name|are you (a |an )?(bot|robot|ai|human|person|real)',
  ],
  [
    'thanks',
    '(many |a lot of )?thanks?( you| u)?( very| so)?( much| a lot)?( indeed)?( for (that|this|it|the answer|your help|the help))?|thx|ty|cheers|' +
      'danke( sch[oö]n| dir| ihnen)?|vielen dank|(muchas )?gracias|merci( beaucoup)?|grazie( mille)?|obrigad[oa]|dank je|bedankt|tack|dziękuję|dziekuje|спасибо|arigat[oō]|谢谢|ありがとう',
  ],
  [
    'farewell',
    '(good ?)?bye( bye)?|good ?night|see (you|ya)( later| soon| tomorrow)?|farewell|take care|tsch[uü]ss|auf wiedersehen|adi[oó]s|au revoir|arrivederci|ciao|пока',
  ],
  [
    'greeting',
    '(hi|hello|hey|hiya|yo|greetings)( there| again| everyone)?|good (morning|afternoon|evening|day)|how are you( doing)?( today)?|whats up|' +
      'hallo|guten (morgen|tag|abend)|servus|hola|buenos d[ií]as|bonjour|salut|ol[aá]|привет|你好|こんにちは',
  ],
  [
    'assent',
    'ok(ay)?|k|yes|yeah|yep|yup|no|nope|sure|fine|right|all ?right|alright|great|good|nice|cool|perfect|super|awesome|amazing|excellent|wow|' +
      '(very )?(helpful|interesting|good)|well done|good job|got it|i see|i understand|understood|makes sense|never mind|sorry|please|oh|ah|um|uh|h+m+|lol|haha+|really|of course|that is all|thats all|ja|nein|si|s[ií]|oui|non',
  ],
]

const PARTS = PHRASES.map(([about, phrases]) => [about, new RegExp(`^(?:${phrases})(?: |$)`, 'u')] as const)

/** The kind of a message that asks nothing; undefined when it may be a question. */
export function smalltalkOf(message: string): Smalltalk | undefined {
  let rest = plain(message)
  if (rest === '') return 'nothing'
  const found = new Set<Smalltalk>()
  while (rest !== '') {
    const part = PARTS.find(([, pattern]) => pattern.test(rest))
    if (!part) return undefined
    found.add(part[0])
    rest = rest.replace(part[1], '')
  }
  return PARTS.find(([about]) => found.has(about))?.[0]
}

/** Removes pleasantries before a question, and all capitals, which would make every word look like a name. */
export function bareQuestion(question: string): string {
  const calm = question === question.toUpperCase() ? question.toLowerCase() : question
  const bare = calm.replace(
    /^(?:(?:hi|hello|hey|thanks|thank you|ok|okay|great|please)\b(?: there)?[\s,.!:;-]+)+/iu,
    '',
  )
  return smalltalkOf(bare) === undefined ? bare : calm
}

/** Lower-case words separated by single spaces; apostrophes are dropped, other punctuation separates. */
function plain(message: string): string {
  return message
    .normalize('NFC')
    .toLowerCase()
    .replace(/['’]/gu, '')
    .replace(/[^\p{L}\p{N}\p{M}]+/gu, ' ')
    .trim()
}
